package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Npz;
import dev.fixpoint.examples.Digits;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Goes once through what users do most: quantizes a bundled network and runs the result on an
 * image. The launcher lets the JVM archive the classes that this loads, so that later runs start
 * faster.
 */
public final class Rehearsal {
  private static final int IMAGES = 8;

  private Rehearsal() {}

  /**
   * Rehearses.
   *
   * @param args an existing folder for the files
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] args) throws IOException {
    System.exit(run(Path.of(args[0])));
  }

  /** Rehearses in a folder and gives the first exit code that is not 0. */
  static int run(Path folder) throws IOException {
    String model = folder.resolve("model.onnx").toString();
    String quantized = folder.resolve("model.int8.onnx").toString();
    String calibration = folder.resolve("calibration.npz").toString();
    String image = folder.resolve("image.npz").toString();
    Files.write(Path.of(model), Digits.model("rescnn"));
    Npz.write(Path.of(calibration), Digits.calibration().batches(IMAGES).getFirst());
    Npz.write(Path.of(image), Digits.test().batches(1).getFirst());
    String[][] commands = {
      {"quantize", model, "-o", quantized, "--calibration", calibration},
      {"run", quantized, "--input", image},
      {"inspect", quantized, "--plan"},
    };
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    for (String[] command : commands) {
      int code = Main.run(command, nowhere, nowhere);
      if (code != Main.DONE) {
        return code;
      }
    }
    return Main.DONE;
  }
}
