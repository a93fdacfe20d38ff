package dev.fixpoint.onnx;

import static dev.fixpoint.onnx.Protos.graph;
import static dev.fixpoint.onnx.Protos.model;
import static dev.fixpoint.onnx.Protos.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.SharedData;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphDifference;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.OnnxWriteOptions.ExternalData;
import dev.fixpoint.onnx.internal.proto.StringStringEntryProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalDataTest {
  @TempDir private Path folder;
  private Path models;

  @BeforeEach
  void makeFolder() throws IOException {
    models = Files.createDirectory(folder.resolve("models"));
  }

  /** Writes a model whose constant of four floats lies where the entries say, and reads it. */
  private Tensor read(Map<String, String> entries) throws IOException {
    TensorProto.Builder w =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(4)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    entries.forEach(
        (key, value) ->
            w.addExternalData(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    Path file = models.resolve("model.onnx");
    Files.write(
        file, model(21, graph(node("Relu", "x", "y")).addInitializer(w)).build().toByteArray());
    return OnnxReader.read(file).initializers().values().iterator().next();
  }

  private static byte[] floats(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(i);
    }
    return bytes.array();
  }

  private void assertRefused(Map<String, String> entries, String message) {
    assertThatThrownBy(() -> read(entries))
        .isInstanceOf(ModelException.class)
        .hasMessage("initializer 'w'" + message);
  }

  @Test
  void aTensorIsReadFromAFileBesideTheModel() throws IOException {
    Files.write(models.resolve("w.bin"), floats(4));

    assertThat(read(Map.of("location", "w.bin")).toFloats()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aTensorIsReadFromItsPartOfAFileInAFolderBelow() throws IOException {
    Files.createDirectory(models.resolve("data"));
    Files.write(models.resolve("data/all.bin"), floats(9));

    assertThat(read(Map.of("location", "data/all.bin", "offset", "12", "length", "16")).toFloats())
        .containsExactly(3, 4, 5, 6);
  }

  @Test
  void aFileThatIsTooShortIsRefused() throws IOException {
    Files.write(models.resolve("w.bin"), floats(3));

    assertRefused(
        Map.of("location", "w.bin"),
        " needs 16 bytes from byte 0 on of 'w.bin', which has 12; copy the file again");
    assertRefused(
        Map.of("location", "w.bin", "offset", "9223372036854775807"),
        " needs 16 bytes from byte 9223372036854775807 on of 'w.bin', which has 12; copy the file"
            + " again");
  }

  @Test
  void aPartOfAnotherLengthThanTheTensorIsRefused() throws IOException {
    Files.write(models.resolve("w.bin"), floats(4));

    assertRefused(
        Map.of("location", "w.bin", "length", "8"),
        " of type float[4] takes 16 bytes, but 8 are there; correct its dimensions or its data");
  }

  @Test
  void numbersThatAreNoneAreRefused() throws IOException {
    Files.write(models.resolve("w.bin"), floats(4));

    assertRefused(
        Map.of("location", "w.bin", "offset", "-4"),
        ": the offset of its external data is '-4', not a number of bytes");
    assertRefused(
        Map.of("location", "w.bin", "length", "many"),
        ": the length of its external data is 'many', not a number of bytes");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertRefused(
        Map.of("location", "w.bin"),
        " is stored in 'w.bin', which is not beside the model; copy it there");
    assertRefused(Map.of(), " is stored outside the model, but names no file");
  }

  @Test
  void aFolderIsRefused() throws IOException {
    Files.createDirectory(models.resolve("w.bin"));

    assertRefused(
        Map.of("location", "w.bin"), " is stored in 'w.bin', which is not a regular file");
  }

  @Test
  void aFileOutsideTheFolderIsRefused() throws IOException {
    Path secret = Files.write(folder.resolve("secret.bin"), floats(4));
    String outside = "', which is outside the model's folder; move the file below the folder";

    assertRefused(Map.of("location", "../secret.bin"), " is stored in '../secret.bin" + outside);
    assertRefused(Map.of("location", secret.toString()), " is stored in '" + secret + outside);
    assertRefused(
        Map.of("location", "a/../../secret.bin"), " is stored in 'a/../../secret.bin" + outside);
  }

  @Test
  void aLinkOutOfTheFolderIsRefused() throws IOException {
    Files.write(folder.resolve("secret.bin"), floats(4));
    Files.createSymbolicLink(models.resolve("w.bin"), folder.resolve("secret.bin"));

    assertRefused(
        Map.of("location", "w.bin"),
        " is stored in 'w.bin', which is outside the model's folder; move the file below the"
            + " folder");
  }

  @Test
  void aModelWithoutAFolderHasNoFilesBesideIt() throws IOException {
    Files.write(models.resolve("w.bin"), floats(4));
    read(Map.of("location", "w.bin"));
    byte[] bytes = Files.readAllBytes(models.resolve("model.onnx"));

    assertThatThrownBy(() -> OnnxReader.read(bytes))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "initializer 'w' is stored in 'w.bin', but the model was not read from a folder; give"
                + " the folder with the options");
    assertThat(
            OnnxReader.read(bytes, OnnxReadOptions.DEFAULT.withDataFolder(models)).initializers())
        .hasSize(1);
  }

  @Test
  void tensorsAreWrittenBesideTheModelWhenAsked() throws IOException {
    Graph graph = OnnxReader.read(SharedData.path("digits/digits_rescnn.onnx"));
    Path file = models.resolve("net.onnx");

    OnnxWriter.write(graph, file, OnnxWriteOptions.DEFAULT.withExternal(ExternalData.ALWAYS));

    assertThat(Files.size(models.resolve("net.onnx.data"))).isGreaterThan(150_000);
    assertThat(Files.size(file)).isLessThan(40_000);
    assertThat(GraphDifference.between(graph, OnnxReader.read(file))).isEmpty();
  }

  @Test
  void aModelIsWrittenOverTheFilesThatItIsMappedFrom() throws IOException {
    Graph graph = OnnxReader.read(SharedData.path("digits/digits_rescnn.onnx"));
    Path file = models.resolve("net.onnx");
    OnnxWriteOptions external = OnnxWriteOptions.DEFAULT.withExternal(ExternalData.ALWAYS);
    OnnxWriter.write(graph, file, external);
    Graph mapped = OnnxReader.read(file);

    OnnxWriter.write(mapped, file, external);

    assertThat(GraphDifference.between(graph, mapped)).isEmpty();
    assertThat(GraphDifference.between(graph, OnnxReader.read(file))).isEmpty();
  }
}
