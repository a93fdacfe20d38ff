package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** How names and types are written in ONNX text. */
final class TextNames {
  private static final Set<String> WORDS =
      new HashSet<>(
          Set.of("seq", "map", "optional", "sparse_tensor", "opaque", "nan", "inf", "infinity"));

  static {
    for (ElementType type : ElementType.values()) {
      WORDS.add(type.text());
    }
  }

  private TextNames() {}

  /** A name where a type could stand as well: in quotes unless it is a plain word of its own. */
  static String name(String name) {
    return Spelling.isIdentifier(name) && !WORDS.contains(name.toLowerCase(Locale.ROOT))
        ? name
        : Spelling.quoted(name);
  }

  /** A name where only names stand. */
  static String word(String name) {
    return Spelling.isIdentifier(name) ? name : Spelling.quoted(name);
  }

  /** An operator with its domain. */
  static String operator(OpId op) {
    return op.domain().isEmpty()
        ? word(op.name())
        : Arrays.stream(op.domain().split("\\.", -1))
            .map(TextNames::word)
            .collect(Collectors.joining(".", "", "." + word(op.name())));
  }

  /**
   * A tensor type.
   *
   * @param place what has the type, for messages
   * @throws ModelException if its element type is not known
   */
  static String type(TensorType type, String place) {
    if (type.elementType() == ElementType.UNDEFINED) {
      throw new ModelException(
          place + " has a shape but no element type, which text cannot say; declare its type");
    }
    String element = type.elementType().text();
    if (!type.shape().isRanked()) {
      return element + "[]";
    }
    return type.shape().rank() == 0
        ? element
        : type.shape().dimensions().stream()
            .map(TextNames::dimension)
            .collect(Collectors.joining(",", element + "[", "]"));
  }

  private static String dimension(Dimension dimension) {
    return switch (dimension) {
      case Dimension.Fixed fixed -> Long.toString(fixed.size());
      case Dimension.Symbolic symbolic -> word(symbolic.name());
      case Dimension.Unknown _ -> "?";
    };
  }
}
