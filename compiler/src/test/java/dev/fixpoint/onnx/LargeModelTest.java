package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.internal.proto.GraphProto;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.StringStringEntryProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model larger than the heap: 192 MiB in 64, and with the long profile 3 GiB in 512. */
class LargeModelTest {
  private static final long ROWS = 1 << 20;
  private static final int TENSORS = 3;

  private static boolean isLong() {
    return Integer.getInteger("fixpoint.tries", 100) > 1000;
  }

  /** What the second Java does: reads a model, checks a value of its own, and writes it. */
  public static final class ReadAndWrite {
    private ReadAndWrite() {}

    /** Takes the file to read and the one to write. */
    public static void main(String[] files) throws IOException {
      Graph graph = OnnxReader.read(Path.of(files[0]));
      long last =
          graph.initializers().values().stream()
              .mapToLong(tensor -> tensor.longAt(tensor.elementCount() - 1))
              .sum();
      if (last != 1 + 2 + 3) {
        throw new IllegalStateException("the last elements sum up to " + last);
      }
      OnnxWriter.write(graph, Path.of(files[1]));
    }
  }

  @Test
  void aModelLargerThanTheHeapIsReadAndWritten(@TempDir Path folder)
      throws IOException, InterruptedException {
    long columns = isLong() ? 1024 : 64;
    Path file = large(folder, columns);
    Path target = Files.createDirectory(folder.resolve("out")).resolve("copy.onnx");

    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                isLong() ? "-Xmx512m" : "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                ReadAndWrite.class.getName(),
                file.toString(),
                target.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes());

    assertThat(java.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(java.exitValue()).as(said).isZero();
    try (var written = Files.list(target.getParent())) {
      assertThat(written.mapToLong(path -> path.toFile().length()).sum())
          .isGreaterThanOrEqualTo(TENSORS * ROWS * columns);
    }
    assertThat(OnnxReader.read(target).initializers()).hasSize(TENSORS);
  }

  private static Path large(Path folder, long columns) throws IOException {
    long bytes = ROWS * columns;
    try (RandomAccessFile data = new RandomAccessFile(folder.resolve("w.bin").toFile(), "rw")) {
      for (int i = 0; i < TENSORS; i++) {
        data.seek((i + 1) * bytes - 1);
        data.write(i + 1);
      }
    }
    GraphProto.Builder graph = Protos.graph(Protos.node("Relu", "x", "y"));
    for (int i = 0; i < TENSORS; i++) {
      graph.addInitializer(
          TensorProto.newBuilder()
              .setName("w" + i)
              .setDataType(TensorProto.DataType.UINT8_VALUE)
              .addAllDims(List.of(ROWS, columns))
              .setDataLocation(TensorProto.DataLocation.EXTERNAL)
              .addExternalData(entry("location", "w.bin"))
              .addExternalData(entry("offset", Long.toString(i * bytes)))
              .addExternalData(entry("length", Long.toString(bytes))));
    }
    ModelProto model = Protos.model(21, graph).build();
    return Files.write(folder.resolve("large.onnx"), model.toByteArray());
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
