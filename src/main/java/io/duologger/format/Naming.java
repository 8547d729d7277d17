package io.duologger.format;

import io.duologger.model.Report;
import java.util.List;

/** Gives each value of a report a name of its own. */
interface Naming {
  /** The values of {@code report} in a stable order, without the self-report; a list to keep. */
  List<NamedValue> values(Report report);
}
