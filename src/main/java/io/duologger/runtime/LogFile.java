package io.duologger.runtime;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.Optional;

/**
 * Which file of the user's sets the diagnostics up, if any. Asked at every start, so it knows
 * nothing of logback: most runs never load that.
 */
public final class LogFile {
  /** The system property that names a file, a resource of the class path or an address. */
  static final String NAMED = "logback.configurationFile";

  /** The system property with the folder above conf. */
  static final String HOME = "duologger.home";

  private LogFile() {}

  /** What the system property names, be it there or not, or else conf/logback.xml if it exists. */
  public static Optional<String> find() {
    String named = System.getProperty(NAMED, "");
    if (!named.isEmpty()) {
      return Optional.of(named);
    }
    String home = System.getProperty(HOME);
    if (home == null) {
      return Optional.empty();
    }
    File own = new File(home, "conf/logback.xml");
    return own.exists() ? Optional.of(own.getPath()) : Optional.empty();
  }

  /** Where {@code name} is: a file if there is one, or else a resource, or else an address. */
  static Optional<URL> locate(String name) {
    File file = new File(name);
    try {
      if (file.exists()) {
        return Optional.of(file.toURI().toURL());
      }
      URL resource = LogFile.class.getClassLoader().getResource(name);
      return Optional.of(resource == null ? URI.create(name).toURL() : resource);
    } catch (MalformedURLException | IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }
}
