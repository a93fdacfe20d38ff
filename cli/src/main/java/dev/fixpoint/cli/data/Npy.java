package dev.fixpoint.cli.data;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's format of one array: {@code \x93NUMPY}, version, a dictionary of type, order and shape,
 * and the elements. Little-endian arrays of numbers and truth values in C order are read.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final int MOST_BYTES = Integer.MAX_VALUE - 64;
  private static final int ALIGNMENT = 64;

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("<f2", ElementType.FLOAT16),
          Map.entry("<f4", ElementType.FLOAT),
          Map.entry("<f8", ElementType.DOUBLE),
          Map.entry("|i1", ElementType.INT8),
          Map.entry("<i2", ElementType.INT16),
          Map.entry("<i4", ElementType.INT32),
          Map.entry("<i8", ElementType.INT64),
          Map.entry("|u1", ElementType.UINT8),
          Map.entry("<u2", ElementType.UINT16),
          Map.entry("<u4", ElementType.UINT32),
          Map.entry("<u8", ElementType.UINT64),
          Map.entry("|b1", ElementType.BOOL));

  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)\\b");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

  private Npy() {}

  /**
   * Reads an array to the end of a stream.
   *
   * @param place name for messages
   * @param size bytes that the stream is said to have
   * @throws DataException if it is no such array
   * @throws IOException if the stream cannot be read
   */
  public static Tensor read(String place, InputStream in, long size) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new DataException(place + ": this is no .npy array; save it with numpy.save");
    }
    int lengthBytes = start[MAGIC.length] == 1 ? 2 : 4;
    long length = 0;
    byte[] lengthField = in.readNBytes(lengthBytes);
    for (int i = lengthField.length - 1; i >= 0; i--) {
      length = length << 8 | (lengthField[i] & 0xff);
    }
    if (length > LONGEST_HEADER) {
      throw new DataException(place + ": its header is damaged; save the array again");
    }
    byte[] header = in.readNBytes((int) length);
    TensorType type = type(place, new String(header, StandardCharsets.ISO_8859_1));
    long before = start.length + lengthField.length + header.length;
    return elements(place, in, size - before, type);
  }

  private static Tensor elements(String place, InputStream in, long there, TensorType type)
      throws IOException {
    long bytes = type.elementType().bytes(type.shape().elementCount());
    if (bytes > MOST_BYTES) {
      throw new DataException(place + ": " + type + " is over 2 GiB; split it");
    }
    if (bytes != there) {
      throw new DataException(
          place
              + ": an array of "
              + type
              + " takes "
              + bytes
              + " bytes, but there are "
              + there
              + "; save it again");
    }
    byte[] data = in.readNBytes((int) bytes);
    if (data.length != bytes || in.read() >= 0) {
      throw new DataException(place + ": the file is damaged; save it again");
    }
    return Tensor.of(type, MemorySegment.ofArray(data));
  }

  private static TensorType type(String place, String header) {
    String descr = field(place, header, DESCR);
    ElementType elementType = TYPES.get(descr);
    if (elementType == null) {
      throw new DataException(
          place
              + ": arrays of type '"
              + descr
              + "' are not read; convert it, for example with .astype('<f4')");
    }
    if (field(place, header, ORDER).equals("True")) {
      throw new DataException(
          place + ": the array is in Fortran order; save numpy.ascontiguousarray of it");
    }
    List<Long> sizes = new ArrayList<>();
    for (String size : field(place, header, SHAPE).split(",", -1)) {
      if (!size.isBlank()) {
        sizes.add(number(place, size.strip()));
      }
    }
    try {
      Shape shape = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
      Math.multiplyExact(shape.elementCount(), 8L);
      return new TensorType(elementType, shape);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new DataException(place + ": no array has the shape " + sizes);
    }
  }

  private static String field(String place, String header, Pattern pattern) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new DataException(place + ": its header is damaged; save the array again");
    }
    return matcher.group(1);
  }

  private static long number(String place, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new DataException(place + ": '" + text + "' is no size of an array");
    }
  }

  /**
   * Writes an array; the stream is not closed.
   *
   * @throws DataException if NumPy has no such element type
   * @throws IOException if the stream cannot be written
   */
  public static void write(String place, Tensor tensor, OutputStream out) throws IOException {
    String descr =
        TYPES.entrySet().stream()
            .filter(entry -> entry.getValue() == tensor.elementType())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        place
                            + ": NumPy has no arrays of "
                            + tensor.elementType().text()
                            + "; cast the output in the model"));
    String sizes =
        Arrays.stream(tensor.shape().sizes())
            .mapToObj(size -> size + ",")
            .collect(Collectors.joining(" "));
    String dictionary =
        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    int before = MAGIC.length + 4;
    int padding = ALIGNMENT - (before + dictionary.length() + 1) % ALIGNMENT;
    String header = dictionary + " ".repeat(padding) + "\n";
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
    out.write(header.getBytes(StandardCharsets.ISO_8859_1));
    out.write(tensor.data().toArray(ValueLayout.JAVA_BYTE));
  }
}
