package dev.fixpoint.onnx.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.fixpoint.ir.ModelException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A walk over protobuf bytes before anything is made of them: every length against the bytes that
 * are there, every string against UTF-8, the depth of nesting, and what the messages will take as
 * objects against the heap. After it, parsing cannot run out of stack or memory.
 */
final class WireScan {
  /** Messages in messages; a subgraph within a subgraph takes three. */
  static final int MAX_DEPTH = 200;

  // What an object of each kind takes from the wire to the finished graph, copies on the way
  // included.
  private static final long BYTES_PER_MESSAGE = 1000;
  private static final long BYTES_PER_STRING = 120;
  private static final long BYTES_PER_NUMBER = 24;

  private static final Map<Descriptor, Layout> LAYOUTS = new HashMap<>();

  private final ByteBuffer bytes;
  private final String fileKind;
  private final long heapLimit;
  private long heap;

  private WireScan(ByteString bytes, String fileKind, long heapLimit) {
    this.bytes = bytes.asReadOnlyByteBuffer();
    this.fileKind = fileKind;
    this.heapLimit = heapLimit;
  }

  /**
   * Checks a message.
   *
   * @param fileKind what the bytes should be, for messages: {@code model}, {@code tensor}
   * @throws ModelException if they cannot be that, or would not fit the heap
   */
  static void check(ByteString bytes, Descriptor type, String fileKind) {
    check(bytes, type, fileKind, Runtime.getRuntime().maxMemory() / 2);
  }

  static void check(ByteString bytes, Descriptor type, String fileKind, long heapLimit) {
    if (bytes.isEmpty()) {
      throw new ModelException("the " + fileKind + " is empty; export or copy it again");
    }
    new WireScan(bytes, fileKind, heapLimit).message(layout(type), 0, bytes.size(), 1);
  }

  /** The fields of a message type, by number. */
  private record Layout(String name, @Nullable FieldDescriptor[] fields, String[] places) {
    @Nullable FieldDescriptor field(int number) {
      return number < fields.length ? fields[number] : null;
    }

    String place(int number) {
      return field(number) == null ? name + " field " + number : places[number];
    }
  }

  private static synchronized Layout layout(Descriptor type) {
    return LAYOUTS.computeIfAbsent(
        type,
        _ -> {
          int last = type.getFields().stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
          @Nullable FieldDescriptor[] fields = new FieldDescriptor[last + 1];
          String[] places = new String[last + 1];
          for (FieldDescriptor field : type.getFields()) {
            fields[field.getNumber()] = field;
            places[field.getNumber()] = type.getName() + "." + field.getName();
          }
          return new Layout(type.getName(), fields, places);
        });
  }

  private void message(Layout layout, int start, int end, int depth) {
    take(BYTES_PER_MESSAGE, start);
    int position = start;
    while (position < end) {
      int tagAt = position;
      long tag = varint(tagAt, end, layout.name());
      position = tagAt + varintLength(tagAt);
      int number = (int) (tag >>> 3);
      if (tag >>> 32 != 0 || number == 0) {
        throw damaged(tagAt, "in " + layout.name() + ", where a field should begin");
      }
      FieldDescriptor field = layout.field(number);
      String place = layout.place(number);
      switch ((int) tag & 7) {
        case 0 -> {
          varint(position, end, place);
          position += varintLength(position);
          scalar(field, tagAt, place);
        }
        case 1 -> position = fixed(field, position, 8, end, place);
        case 2 -> {
          long length = varint(position, end, place);
          int from = position + varintLength(position);
          requireBytes(from, length, end, place);
          position = from + (int) length;
          delimited(field, from, position, depth, place);
        }
        case 5 -> position = fixed(field, position, 4, end, place);
        default -> throw damaged(tagAt, "in " + place + ", whose wire type ONNX does not use");
      }
    }
  }

  private int fixed(
      @Nullable FieldDescriptor field, int position, int size, int end, String place) {
    requireBytes(position, size, end, place);
    scalar(field, position, place);
    return position + size;
  }

  private void scalar(@Nullable FieldDescriptor field, int position, String place) {
    if (field != null
        && switch (field.getJavaType()) {
          case STRING, BYTE_STRING, MESSAGE -> true;
          case INT, LONG, FLOAT, DOUBLE, BOOLEAN, ENUM -> false;
        }) {
      throw damaged(position, "in " + place + ", which is a number where bytes should be");
    }
    if (field == null || field.isRepeated()) {
      take(BYTES_PER_NUMBER, position);
    }
  }

  private void delimited(
      @Nullable FieldDescriptor field, int from, int to, int depth, String place) {
    if (field == null) {
      take(BYTES_PER_STRING + (to - from), from);
      return;
    }
    switch (field.getJavaType()) {
      case MESSAGE -> {
        if (depth == MAX_DEPTH) {
          throw new ModelException(
              "at byte "
                  + from
                  + " messages are nested deeper than "
                  + MAX_DEPTH
                  + "; no network needs that: flatten its subgraphs");
        }
        message(layout(field.getMessageType()), from, to, depth + 1);
      }
      case STRING -> {
        take(BYTES_PER_STRING + 2L * (to - from), from);
        requireUtf8(from, to, place);
      }
      case BYTE_STRING -> take(BYTES_PER_STRING, from);
      case INT, LONG, BOOLEAN, ENUM -> {
        requirePackable(field, from, place);
        take(BYTES_PER_NUMBER * varints(from, to, place), from);
      }
      case FLOAT, DOUBLE -> {
        requirePackable(field, from, place);
        int size = field.getJavaType() == FieldDescriptor.JavaType.FLOAT ? 4 : 8;
        if ((to - from) % size != 0) {
          throw damaged(from, "in " + place + ", whose length is no multiple of " + size);
        }
        take(4L * (to - from), from);
      }
    }
  }

  private void requirePackable(FieldDescriptor field, int position, String place) {
    if (!field.isRepeated()) {
      throw damaged(position, "in " + place + ", which is bytes where a number should be");
    }
  }

  private long varints(int from, int to, String place) {
    long count = 0;
    int position = from;
    while (position < to) {
      varint(position, to, place);
      position += varintLength(position);
      count++;
    }
    return count;
  }

  private long varint(int position, int end, String place) {
    long value = 0;
    for (int i = 0; i < 10; i++) {
      if (position + i >= end) {
        throw cutShort(position + i + 1L, end, place);
      }
      byte next = bytes.get(position + i);
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw damaged(position, "in " + place + ", in a number without an end");
  }

  private int varintLength(int position) {
    int length = 1;
    while (bytes.get(position + length - 1) < 0) {
      length++;
    }
    return length;
  }

  private void requireBytes(int from, long length, int end, String place) {
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw damaged(from, "in " + place + ", which says that it has " + length + " bytes");
    }
    if (from + length > end) {
      throw cutShort(from + length, end, place);
    }
  }

  private void requireUtf8(int from, int to, String place) {
    int position = from;
    while (position < to && bytes.get(position) >= 0) {
      position++;
    }
    if (position == to) {
      return;
    }
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(bytes.slice(from, to - from));
    } catch (CharacterCodingException e) {
      throw new ModelException(
          "at byte " + from + ", " + place + " is not UTF-8 text; export the model again", e);
    }
  }

  private void take(long more, int position) {
    heap += more;
    if (heap > heapLimit) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "up to byte %d of %d the %s holds what takes more than %d MiB of memory;"
                  + " give Java a larger heap (-Xmx), or check the file",
              position,
              bytes.limit(),
              fileKind,
              heapLimit >> 20));
    }
  }

  private ModelException cutShort(long needed, int end, String place) {
    if (end == bytes.limit()) {
      return new ModelException(
          "the "
              + fileKind
              + " is cut short or not ONNX: it has "
              + end
              + " bytes, but "
              + place
              + " reaches to byte "
              + needed
              + "; copy or export it again");
    }
    return damaged(end, "in " + place + ", which goes beyond what holds it");
  }

  private ModelException damaged(int position, String where) {
    return new ModelException(
        "the "
            + fileKind
            + " is damaged or not ONNX: at byte "
            + position
            + ", "
            + where
            + "; copy or export it again");
  }
}
