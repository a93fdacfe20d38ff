package dev.fixpoint.transform.quantize;

import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipFile;

/** The float32 arrays of a NumPy archive. */
record NpzFile(Path path) {
  private static final int HEADER = 10;

  /** A whole array. */
  Tensor read(String name) {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry(name + ".npy")).readAllBytes();
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int length = buffer.getShort(HEADER - 2);
      String header = new String(bytes, HEADER, length, StandardCharsets.US_ASCII);
      if (!header.contains("'<f4'")) {
        throw new IllegalArgumentException(name + " is not float32: " + header);
      }
      String sizes = header.substring(header.indexOf('(') + 1, header.indexOf(')'));
      Shape shape =
          Shape.of(
              Arrays.stream(sizes.split(","))
                  .map(String::strip)
                  .filter(size -> !size.isEmpty())
                  .mapToLong(Long::parseLong)
                  .toArray());
      float[] values = new float[(int) shape.elementCount()];
      buffer
          .position(HEADER + length)
          .slice()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
      return Tensor.ofFloats(shape, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first rows of an array. */
  Tensor first(String name, int rows) {
    Tensor whole = read(name);
    int each = (int) (whole.elementCount() / whole.shape().size(0));
    long[] sizes = whole.shape().sizes();
    sizes[0] = rows;
    return Tensor.ofFloats(Shape.of(sizes), Arrays.copyOf(whole.toFloats(), rows * each));
  }
}
