package dev.fixpoint.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damage that leaves a file well-formed: wrong numbers, names that mean others, parts lost or
 * doubled.
 */
final class StructuralMutation {
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    3,
    5,
    64,
    255,
    1L << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final SplittableRandom random;
  private final List<String> texts = new ArrayList<>();

  private StructuralMutation(SplittableRandom random) {
    this.random = random;
  }

  /** A model with one to three parts changed. */
  static ModelProto of(ModelProto model, SplittableRandom random) {
    StructuralMutation mutation = new StructuralMutation(random);
    mutation.collect(model);
    ModelProto changed = model;
    int rounds = 1 + random.nextInt(3);
    for (int i = 0; i < rounds; i++) {
      changed = (ModelProto) mutation.changed(changed);
    }
    return changed;
  }

  private void collect(Message message) {
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              List<?> items = field.isRepeated() ? (List<?>) value : List.of(value);
              for (Object item : items) {
                if (item instanceof Message inner) {
                  collect(inner);
                } else if (item instanceof String text) {
                  texts.add(text);
                }
              }
            });
  }

  /** Walks down to a random part and changes it. */
  private Message changed(Message message) {
    List<FieldDescriptor> fields = new ArrayList<>(message.getAllFields().keySet());
    Message.Builder builder = message.toBuilder();
    if (fields.isEmpty() || random.nextInt(12) == 0) {
      List<FieldDescriptor> all = message.getDescriptorForType().getFields();
      FieldDescriptor field = all.get(random.nextInt(all.size()));
      Object value = value(field, builder);
      return field.isRepeated()
          ? builder.addRepeatedField(field, value).build()
          : builder.setField(field, value).build();
    }
    FieldDescriptor field = fields.get(random.nextInt(fields.size()));
    if (!field.isRepeated()) {
      Object old = message.getField(field);
      if (old instanceof Message inner && random.nextInt(8) != 0) {
        return builder.setField(field, changed(inner)).build();
      }
      return random.nextInt(4) == 0
          ? builder.clearField(field).build()
          : builder.setField(field, value(field, builder)).build();
    }
    return changedList(message, builder, field);
  }

  private Message changedList(Message message, Message.Builder builder, FieldDescriptor field) {
    List<Object> items = new ArrayList<>((List<?>) message.getField(field));
    int at = random.nextInt(items.size());
    Object old = items.get(at);
    switch (random.nextInt(old instanceof Message ? 12 : 5)) {
      case 0 -> items.remove(at);
      case 1 -> items.add(random.nextInt(items.size() + 1), old);
      case 2 -> items.set(random.nextInt(items.size()), old);
      default ->
          items.set(at, old instanceof Message inner ? changed(inner) : value(field, builder));
    }
    return builder.setField(field, items).build();
  }

  private Object value(FieldDescriptor field, Message.Builder parent) {
    return switch (field.getJavaType()) {
      case INT -> (int) number();
      case LONG -> number();
      case FLOAT -> Float.intBitsToFloat(random.nextInt());
      case DOUBLE -> Double.longBitsToDouble(random.nextLong());
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text();
      case BYTE_STRING ->
          random.nextBoolean()
              ? ByteString.copyFromUtf8(text())
              : ByteString.copyFrom(new byte[random.nextInt(64)]);
      case ENUM -> {
        var values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      case MESSAGE -> parent.newBuilderForField(field).build();
    };
  }

  private long number() {
    return random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextInt(-8, 32);
  }

  private String text() {
    return texts.isEmpty() || random.nextInt(10) == 0
        ? ""
        : texts.get(random.nextInt(texts.size()));
  }
}
