package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fixpoint.SharedData;
import dev.fixpoint.ir.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DamagedTextTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int LARGEST = 20_000;

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "(",
          ")",
          "<",
          ">",
          "=>",
          "=",
          ",",
          ":",
          "\"",
          "\\",
          "-",
          "0",
          "1.5",
          "99999999999999999999",
          "nan",
          "float",
          "int4[3]",
          "string",
          "graph",
          "@a",
          "#",
          "\0",
          "g () => () {}",
          "float[4611686018427387904] w = {1}",
          "\uD83D");

  @Test
  void aDamagedTextIsReadOrRefusedWithItsPlace() throws IOException {
    List<String> texts = texts();
    int tries = 20 * Integer.getInteger("fixpoint.tries", 100);
    int read = 0;
    for (int seed = 0; seed < tries; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String text = damaged(texts.get(random.nextInt(texts.size())), random);
      long start = System.nanoTime();
      try {
        assertThat(OnnxTextReader.read("damaged", text).nodes()).isNotNull();
        read++;
      } catch (ModelException e) {
        assertThat(e.getMessage()).as("seed %d", seed).matches("(?s)damaged:\\d+:\\d+: .+");
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + " ends in " + e, e);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as("seed %d", seed).isLessThan(LIMIT);
    }
    assertThat(read).isBetween(1, tries - 1);
  }

  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path folder : SharedData.nodeTests()) {
      if (!folder.endsWith("test_scan_sum")) {
        String text = OnnxTextWriter.toText(OnnxReader.read(folder.resolve("model.onnx")));
        if (text.length() < LARGEST) {
          texts.add(text);
        }
      }
    }
    return texts;
  }

  private static String damaged(String text, SplittableRandom random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(damaged.length());
      int end = Math.min(damaged.length(), at + 1 + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> damaged.delete(at, end);
        case 1 -> damaged.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> damaged.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
        default -> damaged.insert(random.nextInt(damaged.length()), damaged.substring(at, end));
      }
      if (damaged.isEmpty()) {
        return "";
      }
    }
    return damaged.toString();
  }
}
