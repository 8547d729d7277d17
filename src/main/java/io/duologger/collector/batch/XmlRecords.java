package io.duologger.collector.batch;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the elements of some names out of XML as a stream. Of each, the texts of the elements in it
 * are kept by their attribute {@code name}, or else by their own name, and its own attributes by
 * their names with an {@code @} before them. There is no document type and no external entity.
 */
final class XmlRecords {
  private static final int DEEPEST = 64;
  private static final int MOST_VALUES = 256;
  private static final int LONGEST = 4096;

  private XmlRecords() {}

  /** An element that is open. */
  private static final class Open {
    final String element;
    final String key;
    final StringBuilder text = new StringBuilder();
    final Map<String, String> values = new HashMap<>();

    Open(String element, String key) {
      this.element = element;
      this.key = key;
    }

    void keep(String path, String value) {
      if (values.size() < MOST_VALUES) {
        values.putIfAbsent(path, value);
      }
    }
  }

  /**
   * Hands the values of each element in {@code elements} to {@code taker}, with its name.
   *
   * @param source who printed it, for messages
   * @param outermost the name that the document's element has to have
   */
  static void read(
      String source,
      byte[] xml,
      String outermost,
      Set<String> elements,
      BiConsumer<String, Map<String, String>> taker)
      throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    try {
      // Of bytes that are no UTF-8 the JDK's reader would complain on standard error.
      XMLStreamReader reader =
          factory.createXMLStreamReader(new StringReader(new String(xml, StandardCharsets.UTF_8)));
      try {
        document(source, reader, outermost, elements, taker);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException bad) {
      Location where = bad.getLocation();
      throw new IOException(
          source
              + ": not XML"
              + (where == null
                  ? ""
                  : " at line " + where.getLineNumber() + ", column " + where.getColumnNumber()),
          bad);
    }
  }

  private static void document(
      String source,
      XMLStreamReader reader,
      String outermost,
      Set<String> elements,
      BiConsumer<String, Map<String, String>> taker)
      throws XMLStreamException, IOException {
    Deque<Open> open = new ArrayDeque<>();
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.DTD -> throw new IOException(source + ": a document type");
        case XMLStreamConstants.START_ELEMENT -> {
          if (open.isEmpty() && !reader.getLocalName().equals(outermost)) {
            throw new IOException(source + ": no element " + outermost);
          }
          if (open.size() == DEEPEST) {
            throw new IOException(source + ": more than " + DEEPEST + " elements in each other");
          }
          open.push(start(reader));
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          Open in = open.peek();
          if (in != null) {
            int room = LONGEST - in.text.length();
            in.text.append(
                reader.getTextCharacters(),
                reader.getTextStart(),
                Math.min(reader.getTextLength(), room));
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          Open done = open.pop();
          if (elements.contains(done.element)) {
            taker.accept(done.element, done.values);
          } else if (!open.isEmpty()) {
            open.peek().keep(done.key, done.text.toString().strip());
          }
        }
        default -> {}
      }
    }
  }

  private static Open start(XMLStreamReader reader) {
    String name = reader.getAttributeValue(null, "name");
    String element = reader.getLocalName();
    Open started = new Open(element, name == null ? element : name);
    for (int i = 0; i < reader.getAttributeCount() && i < MOST_VALUES; i++) {
      started.keep("@" + reader.getAttributeLocalName(i), reader.getAttributeValue(i));
    }
    return started;
  }
}
