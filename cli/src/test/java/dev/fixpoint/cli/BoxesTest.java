package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.cli.data.Npz;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures with frames around what a detector found. */
class BoxesTest {
  private static final int SIZE = 8;

  /** Finds the same in every picture: one sure object in the middle, one unsure everywhere. */
  private static final String DETECTOR =
      """
      <ir_version: 10, opset_import: ["" : 21]>
      detector (float[1,3,8,8] image) => (float[1,2,2] scores, float[1,2,4] boxes)
      <float[1,2,2] s = {0.1, 0.9, 0.4, 0.6}, float[1,2,4] b = {0.25, 0.25, 0.75, 0.5, 0, 0, 0.9, 0.9}>
      {
        scores = Identity(s)
        boxes = Identity(b)
      }
      """;

  @TempDir Path folder;
  private Path detector = Path.of("");
  private Path photos = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    detector = Files.writeString(folder.resolve("detector.onnxtxt"), DETECTOR);
    photos = Files.createDirectory(folder.resolve("photos"));
    BufferedImage black = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(black, "png", photos.resolve("night.png").toFile());
  }

  @Test
  void framesStandWhereTheDetectorSaysAndNowhereElse() throws IOException {
    CommandRun run =
        CommandRun.of("run", detector, "--input", photos, "--boxes", folder.resolve("found"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("night.png: 1 found");
    BufferedImage found = ImageIO.read(folder.resolve("found/night.png").toFile());
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        boolean inside = x >= 2 && x <= 6 && y >= 2 && y <= 4;
        boolean frame = inside && (x == 2 || x == 6 || y == 2 || y == 4);
        assertThat(new Color(found.getRGB(x, y)))
            .as("pixel %d, %d", x, y)
            .isEqualTo(frame ? Color.GREEN : Color.BLACK);
      }
    }
  }

  @Test
  void whatIsUnsureIsDrawnWhereItIsAskedFor() {
    CommandRun run =
        CommandRun.of("run", detector, "--input", photos, "--boxes", folder, "--min-score", "0.5");

    assertThat(run.out()).startsWith("night.png: 2 found");
  }

  @Test
  void boxesOfOtherModelsAreRefused() {
    Path digits = Path.of("../examples/src/main/resources/dev/fixpoint/examples/digits");
    CommandRun run =
        CommandRun.of(
            "run", digits.resolve("digits_mlp.onnx"), "--input", photos, "--boxes", folder);

    assertThat(run.exitCode()).isEqualTo(Main.REFUSED);
    assertThat(run.err()).contains("'scores' and 'boxes'", "write them with -o");
  }

  @Test
  void boxesNeedPictures() throws IOException {
    Path array = folder.resolve("image.npz");
    Npz.write(
        array,
        Map.of("image", Tensor.ofFloats(Shape.of(1, 3, SIZE, SIZE), new float[3 * SIZE * SIZE])));
    CommandRun run = CommandRun.of("run", detector, "--input", array, "--boxes", folder);

    assertThat(run.exitCode()).isEqualTo(Main.REFUSED);
    assertThat(run.err()).contains("give a folder of them to --input");
  }
}
