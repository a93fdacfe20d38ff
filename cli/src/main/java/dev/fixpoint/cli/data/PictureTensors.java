package dev.fixpoint.cli.data;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Pictures as a model takes them: resized by bilinear interpolation with half-pixel centres,
 * normalized, one at a time.
 */
final class PictureTensors {
  private static final int RED = 16;
  private static final int GREEN = 8;
  // Shares of red, green and blue in the brightness of ITU-R BT.601.
  private static final double[] BRIGHTNESS = {0.299, 0.587, 0.114};

  private final Value input;
  private final boolean channelsLast;
  private final int channels;
  private final int height;
  private final int width;
  private final PictureOptions options;

  /**
   * For the only input of a model.
   *
   * @throws DataException if the model does not take pictures
   */
  PictureTensors(Path folder, Graph graph, PictureOptions options) {
    this.options = options;
    TensorType type =
        graph.inputs().size() == 1 ? graph.type(graph.inputs().getFirst()) : TensorType.UNKNOWN;
    Shape shape = type.shape();
    if (type.elementType() != ElementType.FLOAT || !shape.isRanked() || shape.rank() != 4) {
      throw DataException.in(
          folder,
          "pictures are for models with one input of type float[N,C,H,W]; give a .npz file");
    }
    this.input = graph.inputs().getFirst();
    Boolean last = options.channelsLast();
    this.channelsLast =
        last != null ? last : isColor(shape.dimension(3)) && !isColor(shape.dimension(1));
    this.channels = sizeOr(shape.dimension(channelsLast ? 3 : 1), 3);
    this.height = sizeOr(shape.dimension(channelsLast ? 1 : 2), options.height());
    this.width = sizeOr(shape.dimension(channelsLast ? 2 : 3), options.width());
    if (channels != 1 && channels != 3) {
      throw DataException.in(
          folder, "pictures have 1 or 3 channels, but the model takes " + type + "; see --layout");
    }
    boolean otherSize =
        (options.width() > 0 && options.width() != width)
            || (options.height() > 0 && options.height() != height);
    if (height <= 0 || width <= 0 || otherSize) {
      throw DataException.in(folder, "the model takes " + type + "; give its size by --size WxH");
    }
    for (List<Double> each : List.of(options.mean(), options.deviation())) {
      if (each.size() != 1 && each.size() != channels) {
        throw DataException.in(
            folder, "--mean and --std take 1 number or " + channels + ", not " + each.size());
      }
    }
  }

  private static boolean isColor(Dimension dimension) {
    return dimension.isSize(3) || dimension.isSize(1);
  }

  private static int sizeOr(Dimension dimension, int other) {
    return dimension instanceof Dimension.Fixed fixed ? Math.toIntExact(fixed.size()) : other;
  }

  /** The model's input for a picture. */
  Map<String, Tensor> read(Path file) {
    BufferedImage image;
    try {
      image = Pictures.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
    float[] values = new float[channels * height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          int at = channelsLast ? (y * width + x) * channels + c : (c * height + y) * width + x;
          values[at] = (float) normalized(pixel(image, y, x, c), c);
        }
      }
    }
    Shape shape =
        channelsLast ? Shape.of(1, height, width, channels) : Shape.of(1, channels, height, width);
    return Map.of(input.name(), Tensor.ofFloats(shape, values));
  }

  private double normalized(double value, int channel) {
    return (value - of(options.mean(), channel)) / of(options.deviation(), channel);
  }

  private static double of(List<Double> each, int channel) {
    return each.get(each.size() == 1 ? 0 : channel);
  }

  /** A pixel of the resized picture. */
  private double pixel(BufferedImage image, int y, int x, int channel) {
    double down = position(y, height, image.getHeight());
    double across = position(x, width, image.getWidth());
    int top = (int) down;
    int left = (int) across;
    int bottom = Math.min(top + 1, image.getHeight() - 1);
    int right = Math.min(left + 1, image.getWidth() - 1);
    double upper =
        between(
            sample(image, top, left, channel), sample(image, top, right, channel), across - left);
    double lower =
        between(
            sample(image, bottom, left, channel),
            sample(image, bottom, right, channel),
            across - left);
    return between(upper, lower, down - top);
  }

  private static double position(int index, int size, int sourceSize) {
    return Math.clamp((index + 0.5) * sourceSize / size - 0.5, 0, sourceSize - 1);
  }

  private static double between(double first, double second, double share) {
    return first * (1 - share) + second * share;
  }

  private double sample(BufferedImage image, int y, int x, int channel) {
    int rgb = image.getRGB(x, y);
    double red = rgb >> RED & 0xff;
    double green = rgb >> GREEN & 0xff;
    double blue = rgb & 0xff;
    if (channels == 1) {
      return BRIGHTNESS[0] * red + BRIGHTNESS[1] * green + BRIGHTNESS[2] * blue;
    }
    return switch (options.bgr() ? 2 - channel : channel) {
      case 0 -> red;
      case 1 -> green;
      default -> blue;
    };
  }
}
