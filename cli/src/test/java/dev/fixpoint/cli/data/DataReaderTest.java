package dev.fixpoint.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTensors;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataReaderTest {
  private static final PictureOptions RAW = PictureOptions.DEFAULT;

  @TempDir Path folder;

  private static Graph relu(Dimension... dimensions) {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", new TensorType(ElementType.FLOAT, Shape.of(List.of(dimensions))));
    return builder.output(builder.call("y", StandardOps.RELU, Attributes.NONE, x)).build();
  }

  private static Graph pictures(long channels, long height, long width) {
    return relu(
        Dimension.of("N"), Dimension.of(channels), Dimension.of(height), Dimension.of(width));
  }

  private Path npz(Map<String, Tensor> arrays) throws IOException {
    Path file = folder.resolve("data.npz");
    Npz.write(file, arrays);
    return file;
  }

  private static List<Tensor> batches(Data data) {
    List<Tensor> batches = new ArrayList<>();
    data.batches().forEach(batch -> batches.add(batch.get("x")));
    return batches;
  }

  private static Tensor counting(long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensor.ofFloats(shape, values);
  }

  @Test
  void openBatchTakesAsManyAsAskedFor() throws IOException {
    Path file = npz(Map.of("x", counting(5, 2), "label", Tensor.vector(0, 1, 2, 3, 4)));

    Data data = DataReader.read(file.toString(), relu(Dimension.of("N"), Dimension.of(2)), 2, RAW);

    assertThat(data.labels()).containsExactly(0, 1, 2, 3, 4);
    assertThat(data.count()).isEqualTo(3);
    assertThat(batches(data))
        .containsExactly(
            Tensor.ofFloats(Shape.of(2, 2), 0, 1, 2, 3),
            Tensor.ofFloats(Shape.of(2, 2), 4, 5, 6, 7),
            Tensor.ofFloats(Shape.of(1, 2), 8, 9));
  }

  @Test
  void fixedBatchOfOneRunsSampleBySample() throws IOException {
    Path file = npz(Map.of("x", counting(3, 2)));

    Data data = DataReader.read(file.toString(), relu(Dimension.of(1), Dimension.of(2)), 64, RAW);

    assertThat(batches(data))
        .containsExactly(
            Tensor.ofFloats(Shape.of(1, 2), 0, 1),
            Tensor.ofFloats(Shape.of(1, 2), 2, 3),
            Tensor.ofFloats(Shape.of(1, 2), 4, 5));
  }

  @Test
  void samplesThatDoNotFillABatchAreRefused() throws IOException {
    Path file = npz(Map.of("x", counting(3, 2)));
    Graph pairs = relu(Dimension.of(2), Dimension.of(2));

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataReader.read(file.toString(), pairs, 64, RAW))
        .withMessageContainingAll("'x'", "2 samples at once", "3");
  }

  @Test
  void missingArrayIsRefusedByName() throws IOException {
    Path file = npz(Map.of("other", counting(3, 2)));

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataReader.read(file.toString(), relu(Dimension.of(2)), 64, RAW))
        .withMessageContainingAll(file.toString(), "'x'", "float[2]");
  }

  @Test
  void oneArrayIsReadByName() throws IOException {
    Path file = folder.resolve("a.npy");
    try (OutputStream out = Files.newOutputStream(file)) {
      Npy.write("x", counting(2), out);
    }

    Data data = DataReader.read("x=" + file, relu(Dimension.of("N")), 64, RAW);

    assertThat(batches(data)).containsExactly(counting(2));
  }

  @Test
  void tensorFilesAreReadByNameOrNumber() throws IOException {
    OnnxTensors.write("", counting(2), folder.resolve("input_0.pb"));

    Data data = DataReader.read(folder.toString(), relu(Dimension.of("N")), 64, RAW);

    assertThat(batches(data)).containsExactly(counting(2));
  }

  @Test
  void picturesAreNormalizedByChannel() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0A1420);
    image.setRGB(1, 0, 0xFF0080);
    ImageIO.write(image, "png", folder.resolve("p.png").toFile());
    PictureOptions normalized =
        new PictureOptions(List.of(10.0, 20.0, 32.0), List.of(5.0), 0, 0, null, false);
    PictureOptions bgr = new PictureOptions(List.of(0.0), List.of(1.0), 0, 0, null, true);

    assertThat(batches(DataReader.read(folder.toString(), pictures(3, 1, 2), 64, normalized)))
        .containsExactly(Tensor.ofFloats(Shape.of(1, 3, 1, 2), 0, 49, 0, -4, 0, (128 - 32) / 5f));
    assertThat(batches(DataReader.read(folder.toString(), pictures(3, 1, 2), 64, bgr)))
        .containsExactly(Tensor.ofFloats(Shape.of(1, 3, 1, 2), 32, 128, 20, 0, 10, 255));
  }

  @Test
  void picturesAreResizedWithHalfPixelCentres() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 0, 0x646464);
    ImageIO.write(image, "png", folder.resolve("p.png").toFile());

    // Centres of four pixels over two lie at -0.25, 0.25, 0.75 and 1.25 of the source's.
    assertThat(batches(DataReader.read(folder.toString(), pictures(3, 1, 4), 64, RAW)).getFirst())
        .isEqualTo(
            Tensor.ofFloats(Shape.of(1, 3, 1, 4), 0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100));
  }

  @Test
  void filesThatAreNoPicturesAreRefusedByName() throws IOException {
    Files.writeString(folder.resolve("p.png"), "no picture");
    Data data = DataReader.read(folder.toString(), pictures(3, 4, 4), 64, RAW);

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> data.batches().iterator().next())
        .withMessageContaining("p.png");
  }

  @Test
  void modelsThatTakeNoPicturesAreNamed() throws IOException {
    Files.writeString(folder.resolve("p.png"), "no picture");

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DataReader.read(folder.toString(), relu(Dimension.of(2)), 64, RAW))
        .withMessageContaining("pictures are for models");
  }
}
