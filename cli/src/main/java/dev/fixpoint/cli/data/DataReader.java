package dev.fixpoint.cli.data;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTensors;
import dev.fixpoint.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads DATA as commands name it: an {@code .npz} file with an array for each input of the model,
 * {@code input=FILE.npy}, a folder of {@code .pb} tensors, or a folder of PNG or JPEG pictures.
 */
public final class DataReader {
  /** Samples at once where neither the model nor the user says how many. */
  public static final int BATCH = 64;

  private static final String LABEL = "label";

  private DataReader() {}

  /**
   * Reads data for a model.
   *
   * @param data what the user named
   * @param batch samples at once where the model leaves the number open
   * @throws DataException if it cannot be used
   * @throws IOException if it cannot be read
   */
  public static Data read(String data, Graph graph, int batch, PictureOptions pictures)
      throws IOException {
    Path path = Path.of(data);
    int equals = data.indexOf('=');
    if (equals > 0 && !Files.exists(path)) {
      return npy(data.substring(0, equals), Path.of(data.substring(equals + 1)), graph, batch);
    }
    if (Files.isDirectory(path)) {
      List<Path> tensors = files(path, ".pb");
      return tensors.isEmpty()
          ? pictures(path, graph, pictures)
          : tensors(path, tensors, graph, batch);
    }
    if (!Files.exists(path)) {
      throw DataException.in(path, "there is no such file or folder; check the path");
    }
    if (!data.endsWith(".npz")) {
      throw DataException.in(
          path,
          "data is an .npz file, input=FILE.npy, a folder of .pb files, or a folder of pictures");
    }
    return arrays(data, graph, batch, Npz.read(path, name -> isWanted(graph, name)));
  }

  private static boolean isWanted(Graph graph, String name) {
    return name.equals(LABEL)
        || graph.inputs().stream().anyMatch(input -> input.name().equals(name));
  }

  private static Data arrays(String place, Graph graph, int batch, Map<String, Tensor> arrays) {
    List<Map<String, Tensor>> batches = ArrayBatches.of(place, graph, batch, arrays);
    return new Data(batches, batches.size(), labels(graph, arrays.get(LABEL)), List.of());
  }

  private static long @Nullable [] labels(Graph graph, @Nullable Tensor labels) {
    boolean isInput = graph.inputs().stream().anyMatch(input -> input.name().equals(LABEL));
    return labels == null || isInput || !labels.elementType().isInteger() ? null : labels.toLongs();
  }

  private static Data npy(String name, Path file, Graph graph, int batch) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Tensor array = Npy.read(file.toString(), in, Files.size(file));
      return arrays(file.toString(), graph, batch, Map.of(name, array));
    }
  }

  private static Data tensors(Path folder, List<Path> files, Graph graph, int batch)
      throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (Path file : files) {
      OnnxTensors.Named read = OnnxTensors.readNamed(file);
      arrays.put(inputName(file, read.name(), graph), read.tensor());
    }
    return arrays(folder.toString(), graph, batch, arrays);
  }

  /** The name in the file where it is that of an input, else the input that input_N.pb counts. */
  private static String inputName(Path file, String name, Graph graph) {
    List<Value> inputs = graph.inputs();
    String fileName = file.getFileName().toString();
    if (inputs.stream().noneMatch(input -> input.name().equals(name))) {
      for (int i = 0; i < inputs.size(); i++) {
        if (fileName.equals("input_" + i + ".pb")) {
          return inputs.get(i).name();
        }
      }
    }
    return name;
  }

  private static Data pictures(Path folder, Graph graph, PictureOptions options)
      throws IOException {
    List<Path> files = files(folder, ".png", ".jpg", ".jpeg");
    if (files.isEmpty()) {
      throw DataException.in(folder, "there are no .pb, .png or .jpg files in this folder");
    }
    PictureTensors tensors = new PictureTensors(folder, graph, options);
    return new Data(() -> files.stream().map(tensors::read).iterator(), files.size(), null, files);
  }

  private static List<Path> files(Path folder, String... suffixes) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> hasSuffix(file, suffixes))
          .sorted()
          .collect(Collectors.toUnmodifiableList());
    }
  }

  private static boolean hasSuffix(Path file, String... suffixes) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Stream.of(suffixes).anyMatch(name::endsWith);
  }
}
