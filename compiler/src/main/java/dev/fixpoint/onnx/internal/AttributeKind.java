package dev.fixpoint.onnx.internal;

import dev.fixpoint.op.AttributeValue;
import java.util.Locale;
import java.util.Optional;

/** The kinds of attributes, by the names that ONNX text gives them. */
enum AttributeKind {
  INT(AttributeValue.OfInt.class),
  FLOAT(AttributeValue.OfFloat.class),
  STRING(AttributeValue.OfString.class),
  TENSOR(AttributeValue.OfTensor.class),
  TYPE_PROTO(AttributeValue.OfType.class),
  GRAPH(AttributeValue.OfGraph.class),
  INTS(AttributeValue.OfInts.class),
  FLOATS(AttributeValue.OfFloats.class),
  STRINGS(AttributeValue.OfStrings.class),
  TENSORS(AttributeValue.OfTensors.class),
  TYPE_PROTOS(AttributeValue.OfTypes.class),
  GRAPHS(AttributeValue.OfGraphs.class);

  private final Class<? extends AttributeValue> type;

  AttributeKind(Class<? extends AttributeValue> type) {
    this.type = type;
  }

  /** The name in text, such as {@code type_proto}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether attributes of this kind are lists. */
  boolean isList() {
    return ordinal() >= INTS.ordinal();
  }

  /** The kind with a name, if there is one. */
  static Optional<AttributeKind> ofText(String text) {
    for (AttributeKind kind : values()) {
      if (kind.text().equals(text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The kind of values of a class. */
  static AttributeKind of(Class<? extends AttributeValue> type) {
    for (AttributeKind kind : values()) {
      if (kind.type == type) {
        return kind;
      }
    }
    throw new IllegalArgumentException(type + " is no kind of attribute");
  }
}
