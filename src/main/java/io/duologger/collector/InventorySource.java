package io.duologger.collector;

import io.duologger.collector.inventory.Inventory;
import io.duologger.collector.inventory.OshiInventory;
import io.duologger.procfs.HostRoot;
import java.util.function.Supplier;

/**
 * Where a module has the inventory from. OSHI is loaded when it is asked for the first time. Used
 * by one thread at a time.
 */
final class InventorySource {
  private final boolean here;
  private final Supplier<Inventory> opening;
  private Inventory inventory;

  /** The inventory of {@code root}, if that is the running host: OSHI knows no other. */
  InventorySource(HostRoot root) {
    here = root.equals(HostRoot.running());
    opening = OshiInventory::new;
  }

  /** An inventory that is given. */
  InventorySource(Inventory given) {
    here = true;
    opening = () -> given;
  }

  /** Whether there is one. */
  boolean exists() {
    return here;
  }

  /**
   * The inventory.
   *
   * @throws SourceAbsentException if it is of another host
   */
  Inventory get() throws SourceAbsentException {
    if (!here) {
      throw new SourceAbsentException("not the running host");
    }
    if (inventory == null) {
      inventory = opening.get();
    }
    return inventory;
  }
}
