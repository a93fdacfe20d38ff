package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Npz;
import dev.fixpoint.examples.Digits;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A bundled network and its images as files for the other commands.
 *
 * @param network {@code mlp}, {@code rescnn}, {@code mobile} or {@code vit}
 */
record DigitsFiles(String network) {
  /**
   * Writes the model, the calibration images and the labelled test images into a folder.
   *
   * @return the files
   */
  List<String> write(Path folder) {
    Path model = folder.resolve("digits_" + network + ".onnx");
    Path calibration = folder.resolve("calibration.npz");
    Path test = folder.resolve("test.npz");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
    OutputFile.write(model, file -> Files.write(file, Digits.model(network)));
    OutputFile.write(calibration, file -> Npz.write(file, arrays(Digits.calibration())));
    OutputFile.write(test, file -> Npz.write(file, arrays(Digits.test())));
    return List.of(model.toString(), calibration.toString(), test.toString());
  }

  private static Map<String, Tensor> arrays(Digits digits) {
    long[] labels = digits.labels().stream().mapToLong(Integer::longValue).toArray();
    return Map.of(
        Digits.INPUT,
        digits.images(),
        "label",
        Tensor.ofLongs(ElementType.INT64, Shape.of(labels.length), labels));
  }
}
