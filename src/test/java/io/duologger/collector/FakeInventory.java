package io.duologger.collector;

import io.duologger.collector.inventory.Inventory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** An inventory that is told what to say. */
final class FakeInventory implements Inventory {
  Processor processor =
      new Processor(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          List.of());
  Computer computer = Computer.UNKNOWN;
  Optional<String> serialNumber = Optional.empty();
  Software software = new Software(Optional.empty(), Optional.empty());
  List<GraphicsCard> cards = List.of();
  List<Interface> interfaces = List.of();
  int serialNumbersTold;

  InventorySource source() {
    return new InventorySource(this);
  }

  @Override
  public Processor processor() {
    return processor;
  }

  @Override
  public Computer computer() {
    return computer;
  }

  @Override
  public Optional<String> serialNumber() {
    serialNumbersTold++;
    return serialNumber;
  }

  @Override
  public Software software() {
    return software;
  }

  @Override
  public List<GraphicsCard> graphicsCards() {
    return cards;
  }

  @Override
  public List<Interface> interfaces() {
    return interfaces;
  }
}
