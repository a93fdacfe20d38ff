package dev.fixpoint.onnx.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the ONNX specification says of its opsets: which operator changed when, and file versions.
 */
final class StandardOpsets {
  /** The newest opset that is known here. */
  static final int NEWEST = 28;

  /** The oldest opset that is read; before it, broadcasting was something else. */
  static final int OLDEST = 7;

  // File format versions of opsets 7, 8, …
  private static final int[] IR_VERSIONS = {
    3, 3, 4, 5, 6, 7, 7, 7, 8, 8, 8, 8, 9, 9, 10, 10, 11, 12, 13, 13, 13, 14
  };

  private static final Map<String, int[]> VERSIONS = load();

  private StandardOpsets() {}

  private static Map<String, int[]> load() {
    Map<String, int[]> versions = new HashMap<>();
    try (InputStream stream = StandardOpsets.class.getResourceAsStream("standard-operators.txt")) {
      if (stream == null) {
        throw new IllegalStateException("standard-operators.txt is missing from the class path");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] words = line.split(" ");
          versions.put(
              words[0], Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("standard-operators.txt cannot be read", e);
    }
    return versions;
  }

  /**
   * The opset that defined the form of an operator which is valid in the given one; 0 for an
   * operator that the specification does not have there.
   */
  static int since(String operator, long opset) {
    int since = 0;
    for (int version : VERSIONS.getOrDefault(operator, new int[0])) {
      if (version <= opset) {
        since = version;
      }
    }
    return since;
  }

  /**
   * The opset that introduced an operator; 0 for an operator that the specification does not have.
   */
  static int first(String operator) {
    int[] versions = VERSIONS.get(operator);
    return versions == null ? 0 : versions[0];
  }

  /**
   * The opset that defined the form of an operator in a file of the given opset; the one that
   * introduced it, where the file says an older one.
   */
  static int form(String operator, long opset) {
    int since = since(operator, opset);
    return since == 0 ? first(operator) : since;
  }

  /** The oldest file format version that may hold an opset. */
  static int irVersion(long opset) {
    int index = (int) Math.clamp(opset - OLDEST, 0, IR_VERSIONS.length - 1L);
    return IR_VERSIONS[index];
  }
}
