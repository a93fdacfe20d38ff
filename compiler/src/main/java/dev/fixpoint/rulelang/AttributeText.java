package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The attributes of a printed pattern. */
final class AttributeText {
  private AttributeText() {}

  /** {@code name = value}. */
  static String of(String name, AttributeValue value) {
    String written = Spelling.isIdentifier(name) ? name : Spelling.quoted(name);
    return written + " = " + text(value);
  }

  private static String text(AttributeValue value) {
    return switch (value) {
      case AttributeValue.OfInt v -> Long.toString(v.value());
      case AttributeValue.OfFloat v -> number(v.value());
      case AttributeValue.OfString v -> Spelling.quoted(v.value());
      case AttributeValue.OfInts v -> list(v.value().stream().map(String::valueOf).toList());
      case AttributeValue.OfFloats v ->
          list(v.value().stream().map(AttributeText::number).toList());
      case AttributeValue.OfStrings v -> list(v.value().stream().map(Spelling::quoted).toList());
      case AttributeValue.OfTensor v -> tensor(v.value());
      case AttributeValue.OfType _,
          AttributeValue.OfGraph _,
          AttributeValue.OfTensors _,
          AttributeValue.OfTypes _,
          AttributeValue.OfGraphs _ ->
          throw new IllegalArgumentException("the rule language has no such attributes: " + value);
    };
  }

  private static String list(List<String> elements) {
    return elements.stream().collect(Collectors.joining(", ", "[", "]"));
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return value == (float) value ? Float.toString((float) value) : Double.toString(value);
  }

  private static String tensor(Tensor tensor) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < tensor.elementCount(); i++) {
      elements.add(
          tensor.elementType() == ElementType.STRING
              ? Spelling.quoted(tensor.strings().get(i))
              : tensor.elementType().isFloat()
                  ? number(tensor.doubleAt(i))
                  : Long.toString(tensor.longAt(i)));
    }
    String sizes = tensor.shape().rank() == 0 ? "" : tensor.shape().toString();
    return tensor.elementType().text() + sizes + " {" + String.join(", ", elements) + "}";
  }
}
