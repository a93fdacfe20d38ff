package dev.fixpoint.rulelang;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX operators on constants: by their reference semantics, with floats in double. Numbers of a
 * rule take the type of what they meet; types of a graph do not mix without a Cast.
 */
final class Arithmetic {
  /** Elements of a result: more than any constant of a network has. */
  private static final long MOST_ELEMENTS = 1L << 28;

  private Arithmetic() {}

  /** The result of an operator between numbers, with broadcasting. */
  static Computed apply(OpDefinition op, List<Computed> operands) {
    if (operands.size() == 2 && op.id().equals(StandardOps.DIV.id())) {
      requireDivisor(operands);
    }
    boolean whole = operands.stream().noneMatch(Computed::isFloat);
    Attributes attributes =
        op.id().equals(StandardOps.MOD.id()) && !whole ? Remainder.OF_FLOATS : Attributes.NONE;
    return call(op, attributes, operands, 1).getFirst();
  }

  private static void requireDivisor(List<Computed> operands) {
    Computed divisor = operands.get(1);
    for (double value : divisor.values()) {
      if (value == 0) {
        throw new Refusal("a number is divided by zero");
      }
    }
  }

  /**
   * The results of an operator.
   *
   * @param inputs null where omitted
   * @param outputs how many results are asked for
   */
  static List<Computed> call(
      OpDefinition op,
      Attributes attributes,
      List<? extends @Nullable Computed> inputs,
      int outputs) {
    List<@Nullable Computed> adapted = adapted(op, inputs);
    List<@Nullable Tensor> tensors = new ArrayList<>();
    for (Computed input : adapted) {
      tensors.add(input == null ? null : tensor(op, input));
    }
    OpCall call = OpCall.ofTensors(attributes, tensors, outputs);
    try {
      requireSmall(op, op.inferTypes(call));
      List<Tensor> results = op.evaluate(call);
      List<@Nullable Tensor> errors = RoundingErrors.of(op, call, adapted, results);
      ElementType common = commonType(adapted);
      List<Computed> computed = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        computed.add(result(results.get(i), errors.get(i), common));
      }
      return computed;
    } catch (IllegalArgumentException | ArithmeticException | ModelException e) {
      throw new Refusal(op.id() + ": " + e.getMessage());
    }
  }

  private static void requireSmall(OpDefinition op, List<TensorType> types) {
    for (TensorType type : types) {
      if (type.shape().isStatic() && type.shape().elementCount() > MOST_ELEMENTS) {
        throw new Refusal(op.id() + " would give more than " + MOST_ELEMENTS + " elements");
      }
    }
  }

  /** Integers in their own type for operators that look at it, in int64 for arithmetic. */
  private static Tensor tensor(OpDefinition op, Computed input) {
    ElementType stored = input.stored();
    if (stored == null || !stored.isInteger() || stored == ElementType.INT64) {
      return input.tensor();
    }
    boolean wide = input.tensor().elementType() != ElementType.INT64 || isArithmetic(op);
    return wide ? input.tensor() : Constants.stored(input, stored);
  }

  private static boolean isArithmetic(OpDefinition op) {
    return op == StandardOps.ADD
        || op == StandardOps.SUB
        || op == StandardOps.MUL
        || op == StandardOps.DIV
        || op == StandardOps.MOD
        || op == StandardOps.NEG;
  }

  private static Computed result(
      Tensor result, @Nullable Tensor errors, @Nullable ElementType common) {
    ElementType type = result.elementType();
    boolean sameFamily =
        type == ElementType.DOUBLE
            ? common == null || common.isFloat() || common == ElementType.UNDEFINED
            : type == ElementType.INT64 && (common == null || common.isInteger());
    Computed wide = Computed.of(result);
    return new Computed(wide.tensor(), errors, sameFamily ? common : type);
  }

  private static @Nullable ElementType commonType(List<@Nullable Computed> inputs) {
    ElementType common = null;
    boolean floats = inputs.stream().anyMatch(c -> c != null && c.isFloat());
    for (Computed input : inputs) {
      if (input != null && (!floats || input.isFloat())) {
        common = Computed.common(common, input.stored());
      }
    }
    return common;
  }

  /** Integers of a rule become floats where the operator or its other inputs ask for it. */
  private static List<@Nullable Computed> adapted(
      OpDefinition op, List<? extends @Nullable Computed> inputs) {
    boolean floats = inputs.stream().anyMatch(c -> c != null && c.isFloat());
    List<@Nullable Computed> adapted = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Computed input = inputs.get(i);
      boolean integer = input != null && input.tensor().elementType() == ElementType.INT64;
      if (input != null && integer) {
        OpSchema.Parameter parameter = op.schema().input(i).orElse(null);
        boolean takesFloats = parameter == null || parameter.types().contains(ElementType.DOUBLE);
        boolean takesIntegers = parameter == null || parameter.types().contains(ElementType.INT64);
        boolean convert = takesFloats && (floats || !takesIntegers);
        if (convert && !input.isUntyped() && takesIntegers && isArithmetic(op)) {
          throw new Refusal(
              "integers of type "
                  + (input.stored() == null ? "int64" : input.stored().text())
                  + " meet floats; write a Cast");
        }
        input = convert && input.isUntyped() ? input.asFloats() : input;
      }
      adapted.add(input);
    }
    return adapted;
  }

  /** Single numbers side by side. */
  static Computed vector(List<Computed> elements) {
    boolean floats = elements.stream().anyMatch(Computed::isFloat);
    ElementType common = null;
    double[] values = new double[elements.size()];
    double[] errors = new double[elements.size()];
    long[] integers = new long[elements.size()];
    boolean exact = true;
    for (int i = 0; i < values.length; i++) {
      Computed element = elements.get(i);
      common = Computed.common(common, element.stored());
      values[i] = element.asNumber();
      errors[i] = element.errorValues()[0];
      integers[i] = floats ? 0 : element.asInteger();
      exact &= element.errors() == null;
    }
    Shape shape = Shape.of(values.length);
    if (!floats) {
      return new Computed(Tensor.vector(integers), null, common);
    }
    return new Computed(
        Tensor.ofDoubles(ElementType.DOUBLE, shape, values),
        exact ? null : Tensor.ofDoubles(ElementType.DOUBLE, shape, errors),
        common);
  }
}
