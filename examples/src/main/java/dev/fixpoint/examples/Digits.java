package dev.fixpoint.examples;

import dev.fixpoint.bound.Range;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The bundled handwritten digits and the networks trained on them.
 *
 * <p>An input is the 8 x 8 image (pixels 0 to 16) divided by 16, resized to 28 x 28 by bilinear
 * interpolation with half-pixel centres, then {@code (v - 0.3) / 0.38}.
 *
 * @param images float32 [N,1,28,28]
 * @param labels the digit in each image
 */
public record Digits(Tensor images, List<Integer> labels) {
  /** Name of the networks' input. */
  public static final String INPUT = "image";

  /** Name of the networks' output: one logit for each digit. */
  public static final String OUTPUT = "logits";

  /** The range of every input: that of a pixel in [0, 1]. */
  public static final Map<String, Range> INPUT_RANGES =
      Map.of(
          INPUT,
          Range.of(Math.nextDown((float) normalized(0)), Math.nextUp((float) normalized(1))));

  private static final int SOURCE = 8;
  private static final int SIZE = 28;
  private static final int CALIBRATION_IMAGES = 256;
  private static final double LARGEST_PIXEL = 16;
  private static final double MEAN = 0.3;
  private static final double DEVIATION = 0.38;

  /** Keeps an immutable copy. */
  public Digits {
    labels = List.copyOf(labels);
  }

  /** The first 256 training images. */
  public static Digits calibration() {
    return read("train", CALIBRATION_IMAGES);
  }

  /** The 500 test images. */
  public static Digits test() {
    return read("test", Integer.MAX_VALUE);
  }

  /** The bytes of a bundled network: {@code mlp}, {@code rescnn}, {@code mobile} or {@code vit}. */
  public static byte[] model(String name) {
    try (InputStream stream = open("digits_" + name + ".onnx")) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Number of images. */
  public int count() {
    return labels.size();
  }

  /** The images as the networks' inputs, in batches of at most the given size. */
  public List<Map<String, Tensor>> batches(int size) {
    float[] pixels = images.toFloats();
    int each = SIZE * SIZE;
    List<Map<String, Tensor>> batches = new ArrayList<>();
    for (int start = 0; start < count(); start += size) {
      int end = Math.min(start + size, count());
      float[] part = Arrays.copyOfRange(pixels, start * each, end * each);
      batches.add(Map.of(INPUT, Tensor.ofFloats(Shape.of(end - start, 1, SIZE, SIZE), part)));
    }
    return batches;
  }

  private static InputStream open(String name) {
    InputStream stream = Digits.class.getResourceAsStream("digits/" + name);
    if (stream == null) {
      throw new IllegalArgumentException("there is no bundled file '" + name + "'");
    }
    return stream;
  }

  private static Digits read(String split, int most) {
    List<float[]> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open("optdigits.csv"), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(",", -1);
        if (fields[0].equals(split) && labels.size() < most) {
          labels.add(Integer.parseInt(fields[1]));
          images.add(image(fields));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    float[] all = new float[images.size() * SIZE * SIZE];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.get(i), 0, all, i * SIZE * SIZE, SIZE * SIZE);
    }
    return new Digits(Tensor.ofFloats(Shape.of(images.size(), 1, SIZE, SIZE), all), labels);
  }

  private static float[] image(String[] fields) {
    double[] source = new double[SOURCE * SOURCE];
    for (int i = 0; i < source.length; i++) {
      source[i] = Integer.parseInt(fields[i + 2]) / LARGEST_PIXEL;
    }
    float[] image = new float[SIZE * SIZE];
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        image[y * SIZE + x] = (float) normalized(interpolated(source, position(y), position(x)));
      }
    }
    return image;
  }

  private static double normalized(double pixel) {
    return (pixel - MEAN) / DEVIATION;
  }

  /** Where the centre of a resized pixel lies among the centres of the source's. */
  private static double position(int index) {
    return Math.clamp((index + 0.5) * SOURCE / SIZE - 0.5, 0, SOURCE - 1);
  }

  private static double interpolated(double[] source, double y, double x) {
    int top = (int) y;
    int left = (int) x;
    int bottom = Math.min(top + 1, SOURCE - 1);
    int right = Math.min(left + 1, SOURCE - 1);
    double down = y - top;
    double across = x - left;
    double upper =
        source[top * SOURCE + left] * (1 - across) + source[top * SOURCE + right] * across;
    double lower =
        source[bottom * SOURCE + left] * (1 - across) + source[bottom * SOURCE + right] * across;
    return upper * (1 - down) + lower * down;
  }
}
