package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A file that keeps what calibration saw, for the next time that the same network meets the same
 * data: lines of text, the first with the key, the last with a check sum over the others. Numbers
 * are hexadecimal, so that they come back to the bit.
 *
 * @param file the file
 * @param notices receives a sentence where the file is of no use
 */
record CalibrationCache(Path file, Consumer<String> notices) {
  private static final String HEADER = "fixpoint-calibration 1 ";
  private static final String FOOTER = "sha-256 ";
  private static final long LARGEST = 1L << 26;
  private static final int FIELDS = 4;

  /** What is kept by name under a key; empty, with a notice, where the file has something else. */
  Optional<Map<String, ValueSummary>> find(String key) {
    try {
      if (Files.size(file) > LARGEST) {
        return useless("it is too large to be one");
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      if (lines.size() < 2 || !lines.getFirst().startsWith(HEADER)) {
        return useless("it is not a calibration cache");
      }
      List<String> content = lines.subList(0, lines.size() - 1);
      if (!lines.getLast().equals(FOOTER + checkSum(content))) {
        return useless("it is damaged");
      }
      if (!content.getFirst().equals(HEADER + key)) {
        return useless("it is of another model, other data or another method");
      }
      Map<String, ValueSummary> found = new LinkedHashMap<>();
      for (String line : content.subList(1, content.size())) {
        String[] fields = line.split(" ", FIELDS);
        Interval range = new Interval(Double.parseDouble(fields[0]), Double.parseDouble(fields[1]));
        found.put(
            URLDecoder.decode(fields[FIELDS - 1], StandardCharsets.UTF_8),
            new ValueSummary(range, Double.parseDouble(fields[2])));
      }
      return Optional.of(found);
    } catch (CharacterCodingException | IllegalArgumentException _) {
      return useless("it is damaged");
    } catch (IOException e) {
      return useless("it cannot be read (" + e.getMessage() + ")");
    }
  }

  private Optional<Map<String, ValueSummary>> useless(String why) {
    notices.accept("calibration cache " + file + " is not used: " + why + "; calibrating anew");
    return Optional.empty();
  }

  /** Keeps summaries by name under a key: the file is written beside its place and moved there. */
  void store(String key, Map<String, ValueSummary> summaries) {
    StringBuilder text = new StringBuilder(HEADER).append(key).append('\n');
    summaries.forEach(
        (name, summary) ->
            text.append(Double.toHexString(summary.range().low()))
                .append(' ')
                .append(Double.toHexString(summary.range().high()))
                .append(' ')
                .append(Double.toHexString(summary.bulk()))
                .append(' ')
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('\n'));
    String sum = checkSum(text.toString().lines().toList());
    text.append(FOOTER).append(sum).append('\n');
    try {
      Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
      try {
        Files.writeString(beside, text);
        move(beside);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      notices.accept("calibration cache " + file + " is not written: " + e.getMessage());
    }
  }

  private void move(Path from) throws IOException {
    try {
      Files.move(from, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String checkSum(List<String> lines) {
    Digest digest = new Digest();
    lines.forEach(digest::add);
    return digest.hex();
  }
}
