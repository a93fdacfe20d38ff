package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.LiteralKind;
import dev.fixpoint.grammar.RuleLanguageParser;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The values of attributes: as patterns write them, and as expressions give them. */
final class AttributeValues {
  private AttributeValues() {}

  /** The name of an attribute's kind in ONNX text, such as {@code ints}. */
  static String kindText(Attribute<?> key) {
    String name = key.kind().getSimpleName().substring(2).toLowerCase(Locale.ROOT);
    return name.startsWith("type") ? name.replace("type", "type_proto") : name;
  }

  /** The value that a pattern asks for. */
  static AttributeValue wanted(
      Attribute<?> key, RuleLanguageParser.PatternAttrValueContext written) {
    if (written.constant() != null) {
      Literal literal = Literal.of(written.constant());
      return switch (kindText(key)) {
        case "int" -> new AttributeValue.OfInt(integer(key, literal));
        case "float" -> new AttributeValue.OfFloat(number(key, literal));
        case "string" -> new AttributeValue.OfString(text(key, literal));
        default -> throw mismatch(key, literal);
      };
    }
    if (written.tensorConstant() != null) {
      if (key.kind() != AttributeValue.OfTensor.class) {
        throw Errors.at(
            written, "found a tensor, expected " + words(key) + " for attribute '" + key + "'");
      }
      return new AttributeValue.OfTensor(TensorConstants.read(written.tensorConstant()));
    }
    List<Literal> list = written.constantList().constant().stream().map(Literal::of).toList();
    return switch (kindText(key)) {
      case "ints" ->
          new AttributeValue.OfInts(list.stream().map(literal -> integer(key, literal)).toList());
      case "floats" ->
          new AttributeValue.OfFloats(list.stream().map(literal -> number(key, literal)).toList());
      case "strings" ->
          new AttributeValue.OfStrings(list.stream().map(literal -> text(key, literal)).toList());
      default ->
          throw Errors.at(
              written, "found a list, expected " + words(key) + " for attribute '" + key + "'");
    };
  }

  private static long integer(Attribute<?> key, Literal literal) {
    if (literal.kind() != LiteralKind.INTEGER) {
      throw mismatch(key, literal);
    }
    return literal.longValue();
  }

  private static float number(Attribute<?> key, Literal literal) {
    if (literal.kind() == LiteralKind.STRING) {
      throw mismatch(key, literal);
    }
    return literal.floatValue();
  }

  private static String text(Attribute<?> key, Literal literal) {
    if (literal.kind() != LiteralKind.STRING) {
      throw mismatch(key, literal);
    }
    return literal.stringValue();
  }

  private static SyntaxException mismatch(Attribute<?> key, Literal literal) {
    return Errors.at(
        literal.range(),
        "found " + literal.written() + ", expected " + words(key) + " for attribute '" + key + "'");
  }

  /** The kind of an attribute, for messages. */
  static String words(Attribute<?> key) {
    return switch (kindText(key)) {
      case "int" -> "an integer";
      case "float" -> "a number";
      case "string" -> "a string";
      case "ints" -> "a list of integers";
      case "floats" -> "a list of numbers";
      case "strings" -> "a list of strings";
      case "tensor" -> "a tensor";
      default -> "a value of kind " + kindText(key);
    };
  }

  /** What an attribute of a matched node is worth. */
  static Operand operand(AttributeValue value) {
    return switch (value) {
      case AttributeValue.OfInt v -> Computed.integer(v.value());
      case AttributeValue.OfFloat v -> Computed.number(v.value());
      case AttributeValue.OfString v -> new Operand.Text(v.value());
      case AttributeValue.OfStrings v -> new Operand.Texts(v.value());
      case AttributeValue.OfInts v ->
          Computed.untyped(Tensor.vector(v.value().stream().mapToLong(Long::longValue).toArray()));
      case AttributeValue.OfFloats v ->
          Computed.untyped(
              Tensor.ofDoubles(
                  ElementType.DOUBLE,
                  Shape.of(v.value().size()),
                  v.value().stream().mapToDouble(Float::doubleValue).toArray()));
      case AttributeValue.OfTensor v -> Computed.of(v.value());
      case AttributeValue.OfType _,
          AttributeValue.OfGraph _,
          AttributeValue.OfTensors _,
          AttributeValue.OfTypes _,
          AttributeValue.OfGraphs _ ->
          throw new Refusal("an attribute is neither numbers nor strings");
    };
  }

  /** The value of an attribute that an expression gives. */
  static AttributeValue of(Attribute<?> key, Operand operand) {
    if (operand instanceof Operand.Text text && key.kind() == AttributeValue.OfString.class) {
      return new AttributeValue.OfString(text.value());
    }
    if (operand instanceof Operand.Texts texts && key.kind() == AttributeValue.OfStrings.class) {
      return new AttributeValue.OfStrings(texts.values());
    }
    return switch (kindText(key)) {
      case "int" -> new AttributeValue.OfInt(integer(key, operand));
      case "float" -> new AttributeValue.OfFloat((float) computed(key, operand).asNumber());
      case "ints" -> new AttributeValue.OfInts(integers(key, operand));
      case "floats" -> new AttributeValue.OfFloats(numbers(key, operand));
      case "tensor" -> new AttributeValue.OfTensor(Constants.ownType(computed(key, operand)));
      default -> throw new Refusal("attribute '" + key + "' should be " + words(key));
    };
  }

  /** An integer; an element type or a truth value is one in ONNX. */
  private static long integer(Attribute<?> key, Operand operand) {
    return switch (operand) {
      case Operand.Type type -> type.value().code();
      case Operand.Truth truth -> truth.holds() ? 1 : 0;
      case Computed computed -> computed.asInteger();
      case Operand.Text _, Operand.Texts _ ->
          throw new Refusal("attribute '" + key + "' should be an integer");
    };
  }

  private static List<Long> integers(Attribute<?> key, Operand operand) {
    Computed computed = computed(key, operand);
    List<Long> list = new ArrayList<>();
    for (double value : computed.values()) {
      if (value != Math.rint(value)) {
        throw new Refusal("attribute '" + key + "' would hold " + value + ", which is no integer");
      }
    }
    for (int i = 0; i < computed.tensor().elementCount(); i++) {
      list.add(
          computed.tensor().elementType() == ElementType.INT64
              ? computed.tensor().longAt(i)
              : (long) computed.tensor().doubleAt(i));
    }
    return list;
  }

  private static List<Float> numbers(Attribute<?> key, Operand operand) {
    return Arrays.stream(computed(key, operand).values()).mapToObj(v -> (float) v).toList();
  }

  private static Computed computed(Attribute<?> key, Operand operand) {
    if (operand instanceof Computed computed) {
      return computed;
    }
    throw new Refusal("attribute '" + key + "' should be " + words(key));
  }

  /** Whether an expression of a kind can give the attribute. */
  static boolean accepts(Attribute<?> key, Kind kind) {
    return switch (kindText(key)) {
      case "int" -> kind == Kind.NUMBERS || kind == Kind.TYPE || kind == Kind.TRUTH;
      case "string" -> kind == Kind.TEXT;
      case "strings" -> kind == Kind.TEXTS;
      case "float", "ints", "floats", "tensor" -> kind == Kind.NUMBERS;
      default -> false;
    };
  }
}
