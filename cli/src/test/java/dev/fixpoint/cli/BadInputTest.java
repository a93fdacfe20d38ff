package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.cli.data.Npz;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is told in one line that names the file, with exit code 2 and nothing else. */
class BadInputTest {
  @TempDir Path folder;
  private Path model;
  private Path data;

  @BeforeEach
  void writeFiles() throws IOException {
    model = folder.resolve("m.onnx");
    data = folder.resolve("x.npz");
    Npz.write(data, Map.of("x", Tensor.ofFloats(Shape.of(2), 1, -1)));
  }

  private static String refused(Object... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as("%s", List.of(arguments)).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("error: ").hasLineCount(1).endsWith("\n");
    return run.err();
  }

  private Path unknownOperator() throws IOException {
    NodeProto foo = ModelBytes.node("Foo", "h", "x").toBuilder().setDomain("com.example").build();
    return ModelBytes.write(model, foo, ModelBytes.node("Relu", "y", "h"));
  }

  @Test
  void truncatedModel() throws IOException {
    ModelBytes.write(model, ModelBytes.node("Relu", "y", "x"));
    byte[] bytes = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(bytes, bytes.length - 5));

    assertThat(refused("run", model, "--input", data))
        .startsWith("error: " + model + ": the model is cut short");
  }

  @Test
  void graphWithACycle() throws IOException {
    ModelBytes.write(
        model,
        ModelBytes.node("Add", "a", "x", "b"),
        ModelBytes.node("Relu", "b", "a"),
        ModelBytes.node("Relu", "y", "b"));

    assertThat(refused("inspect", model)).contains(model.toString(), "cycle", "_node'");
  }

  @Test
  void missingInitializer() throws IOException {
    ModelBytes.write(model, ModelBytes.node("Add", "y", "x", "weight"));

    assertThat(refused("optimize", model, "-o", folder.resolve("out.onnx")))
        .contains(model.toString(), "'y_node'", "'weight'");
  }

  @Test
  void operatorThatCannotRun() throws IOException {
    Path unknown = unknownOperator();

    assertThat(refused("run", unknown, "--input", data))
        .contains(model.toString(), "com.example.Foo node 'h_node'", "definition");
    assertThat(refused("run", unknown, "--input", data, "--provider", "reference"))
        .contains(model.toString(), "com.example.Foo node 'h_node'", "definition");
    assertThat(refused("bench", unknown)).contains("com.example.Foo node 'h_node'");
  }

  @Test
  void operatorThatRefusesItsInputs() throws IOException {
    ModelBytes.write(model, ModelBytes.node("Bernoulli", "y", "x"));

    assertThat(refused("run", model, "--input", data))
        .contains(model.toString(), "Bernoulli node 'y_node'", "random");
  }

  @Test
  void operatorThatCannotRunIsKept() throws IOException {
    Path unknown = unknownOperator();
    Path converted = folder.resolve("converted.onnx");
    Path optimized = folder.resolve("optimized.onnx");

    assertThat(CommandRun.of("inspect", unknown).out()).contains("unsupported: com.example.Foo");
    assertThat(CommandRun.of("convert", unknown, converted).exitCode()).isZero();
    assertThat(CommandRun.of("optimize", unknown, "-o", optimized).exitCode()).isZero();
    for (Path file : new Path[] {converted, optimized}) {
      assertThat(OnnxReader.read(file).nodes().getFirst().opId().toString())
          .isEqualTo("com.example.Foo");
    }
  }

  @Test
  void fileThatIsNotThere() {
    Path missing = folder.resolve("missing.onnx");
    assertThat(refused("inspect", missing))
        .isEqualTo("error: " + missing + ": there is no such file; check the path\n");
  }

  @Test
  void textWithAMistakeIsNamedOnceWithLineAndColumn() throws IOException {
    Path text = folder.resolve("m.onnxtxt");
    Files.writeString(text, "g (float[2] x) => (float[2] y) {\n  y = Relu(x\n}\n");

    assertThat(refused("inspect", text))
        .startsWith("error: " + text + ":3:")
        .containsOnlyOnce(text.getFileName().toString());
  }

  @Test
  void dataThatDoesNotFit() throws IOException {
    ModelBytes.write(model, ModelBytes.node("Relu", "y", "x"));
    Npz.write(data, Map.of("x", Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4)));

    assertThat(refused("run", model, "--input", data)).contains(data.toString(), "'x'", "float[2]");
    assertThat(refused("run", model, "--input", folder.resolve("none.npz"))).contains("none.npz");
  }

  @Test
  void wrongUsage() throws IOException {
    ModelBytes.write(model, ModelBytes.node("Relu", "y", "x"));
    Path out = folder.resolve("out.onnx");

    assertThat(refused("inspect")).contains("MODEL", "fixpoint inspect --help");
    assertThat(refused("inspekt")).contains("inspekt");
    assertThat(refused("optimize", model, "-o", out, "--rules", "a.rules")).contains("a.rules");
    assertThat(refused("optimize", model, "-o", folder.resolve("out.txt"))).contains("out.txt");
    assertThat(refused("optimize", model, "-o", folder.resolve("no/out.onnx"))).contains("folder");
    assertThat(refused("convert", model, out, "--opset", "3")).contains("--opset 3");
    assertThat(refused("bench", model, "--threads", "0")).contains("--threads 0");
    assertThat(refused("conformance", folder)).contains(folder.toString());
    assertThat(out).doesNotExist();
  }

  @Test
  void optionValuesWithoutAFeatureAreRefused() throws IOException {
    ModelBytes.write(model, ModelBytes.node("Relu", "y", "x"));
    Path out = folder.resolve("out.onnx");
    String[][] refusals = {
      {"--scheme", "other"},
      {"--format", "qlinear", "--activations", "int16"},
      {"--format", "qdq", "--scheme", "dynamic"},
      {"--weights", "int4"},
      {"--activations", "int8", "--scheme", "dynamic"},
      {"--granularity", "block:32"},
      {"--granularity", "token"},
      {"--calibrator", "percentile:0"},
      {"--calibrator", "percentile:abc"},
      {"--target", "tensorrt", "--activations", "uint8"},
      {"--improve", "other"},
      {"--exclude", "("},
    };
    for (String[] option : refusals) {
      List<Object> arguments =
          new ArrayList<>(List.of("quantize", model, "-o", out, "--calibration", data));
      arguments.addAll(List.of(option));
      assertThat(refused(arguments.toArray())).as("%s", arguments).contains(option[0]);
    }
    assertThat(refused("quantize", model, "-o", out)).contains("--calibration DATA");
    assertThat(out).doesNotExist();
  }

  @Test
  void stackTraceOnlyOnDemand() {
    CommandRun run = CommandRun.of("inspect", folder.resolve("missing.onnx"), "--stacktrace");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("\tat dev.fixpoint.cli.");
  }
}
