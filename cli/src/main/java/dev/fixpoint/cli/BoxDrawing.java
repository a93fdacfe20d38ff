package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Pictures;
import dev.fixpoint.examples.Detections;
import dev.fixpoint.tensor.Tensor;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Pictures with a frame around each object that a detector has found.
 *
 * @param folder where the pictures go
 * @param leastScore how probable an object must be
 */
record BoxDrawing(Path folder, double leastScore) {
  /** The output with the probabilities, [1,N,C]. */
  static final String SCORES = "scores";

  /** The output with the corners, [1,N,4]. */
  static final String BOXES = "boxes";

  /** A frame is so many times thinner than the picture is wide. */
  private static final int THINNESS = 250;

  /** Writes a picture with what was found in it, and prints a line on it. */
  void draw(Path picture, Map<String, Tensor> found, Console console) {
    List<Detections.Box> boxes =
        Detections.of(output(found, SCORES), output(found, BOXES), leastScore);
    BufferedImage framed = framed(Failure.naming(picture, () -> Pictures.read(picture)), boxes);
    String name = String.valueOf(picture.getFileName());
    Path file = folder.resolve(name.substring(0, name.lastIndexOf('.')) + ".png");
    OutputFile.write(file, beside -> ImageIO.write(framed, "png", beside.toFile()));
    console.line("%s: %d found, drawn in %s".formatted(name, boxes.size(), file));
  }

  private static Tensor output(Map<String, Tensor> found, String name) {
    Tensor output = found.get(name);
    if (output == null) {
      throw new IllegalStateException("the run gave no output '" + name + "'");
    }
    return output;
  }

  private static BufferedImage framed(BufferedImage picture, List<Detections.Box> boxes) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    BufferedImage framed = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = framed.createGraphics();
    pen.drawImage(picture, 0, 0, null);
    pen.setColor(Color.GREEN);
    pen.setStroke(new BasicStroke(Math.max(1, width / THINNESS)));
    for (Detections.Box box : boxes) {
      int left = (int) Math.round(box.left() * width);
      int top = (int) Math.round(box.top() * height);
      int right = (int) Math.round(box.right() * width);
      int bottom = (int) Math.round(box.bottom() * height);
      pen.drawRect(left, top, right - left, bottom - top);
    }
    pen.dispose();
    return framed;
  }
}
