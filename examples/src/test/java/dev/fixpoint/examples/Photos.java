package dev.fixpoint.examples;

import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * The photos of the data folder as the face detector takes them: RGB, 320 x 240, (v - 127) / 128.
 */
final class Photos {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final int CHANNELS = 3;
  private static final float MEAN = 127;
  private static final float DEVIATION = 128;

  private Photos() {}

  /** All photos, in the order of their names; float32 [1,3,240,320] each. */
  static List<Tensor> all() throws IOException {
    try (Stream<Path> files = Files.list(SharedData.path("face"))) {
      return files
          .filter(file -> file.toString().endsWith(".jpg"))
          .sorted()
          .map(Photos::read)
          .toList();
    }
  }

  /** One photo by the name of its file. */
  static Tensor named(String name) {
    return read(SharedData.path("face/" + name));
  }

  private static Tensor read(Path file) {
    BufferedImage source;
    try {
      source = ImageIO.read(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    BufferedImage scaled = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(source, 0, 0, WIDTH, HEIGHT, null);
    graphics.dispose();
    int plane = WIDTH * HEIGHT;
    float[] pixels = new float[CHANNELS * plane];
    for (int channel = 0; channel < CHANNELS; channel++) {
      int shift = Byte.SIZE * (CHANNELS - 1 - channel);
      for (int i = 0; i < plane; i++) {
        int rgb = scaled.getRGB(i % WIDTH, i / WIDTH);
        pixels[channel * plane + i] = ((rgb >> shift & 0xff) - MEAN) / DEVIATION;
      }
    }
    return Tensor.ofFloats(Shape.of(1, CHANNELS, HEIGHT, WIDTH), pixels);
  }
}
