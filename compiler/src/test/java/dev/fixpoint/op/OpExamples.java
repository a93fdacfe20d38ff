package dev.fixpoint.op;

import dev.fixpoint.op.OpExample.Input;
import dev.fixpoint.op.standard.ArgMax;
import dev.fixpoint.op.standard.BitShift;
import dev.fixpoint.op.standard.Cast;
import dev.fixpoint.op.standard.CumSum;
import dev.fixpoint.op.standard.Gelu;
import dev.fixpoint.op.standard.Mod;
import dev.fixpoint.op.standard.ReduceSum;
import dev.fixpoint.op.standard.Shrink;
import dev.fixpoint.op.standard.Softmax;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.Swish;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Example calls of the element-wise operators, conversions, reductions and scans. */
final class OpExamples {
  private static final Shape SMALL = Shape.of(2, 3);

  /** Intervals of elements: around zero, beside it, large, tiny, and single numbers. */
  private static final double[][] INTERVALS = {
    {-1, 1},
    {0.25, 4},
    {-8, -0.5},
    {0, 0.75},
    {-3, 5},
    {-300, 200},
    {1, 1},
    {2, 30},
    {0, 0},
    {1e-40, 1e-38},
    {60000, 65000},
    {-1e-3, 1e30},
    {-1e38, 1e38}
  };

  /** Operators whose result has elements made of elements at the same position. */
  private static final String ELEMENTWISE =
      """
      Abs Acos Acosh Add And Asin Asinh Atan Atanh BitwiseAnd BitwiseNot BitwiseOr
      BitwiseXor Ceil Celu Cos Cosh Div Elu Equal Erf Exp Floor Greater GreaterOrEqual
      HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log Max
      Mean Min Mish Mul Neg Not Or Pow PRelu Reciprocal Relu Round Selu Sigmoid Sign
      Sin Sinh Softplus Softsign Sqrt Sub Sum SwiGLU Swish Tan Tanh ThresholdedRelu
      Xor
      """;

  /** Operators whose calls need more than the schema says. */
  private static final String OTHERS =
      """
      ArgMax ArgMin BitCast BitShift Cast CastLike Clip CumProd CumSum Det Gelu
      Hardmax LogSoftmax Mod ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
      ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Shrink Softmax Where
      """;

  private static final double LARGEST_HALF = 65504;
  private static final double LARGEST_INTEGER = 1 << 8;

  /** Types in which contracts are tried where an operator takes them. */
  private static final Set<ElementType> TRIED =
      EnumSet.of(
          ElementType.FLOAT,
          ElementType.DOUBLE,
          ElementType.FLOAT16,
          ElementType.BFLOAT16,
          ElementType.INT8,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.UINT8,
          ElementType.UINT64,
          ElementType.BOOL);

  private final OpDefinition op;
  private final List<OpExample> examples = new ArrayList<>();

  private OpExamples(OpDefinition op) {
    this.op = op;
  }

  /** All operators that have examples. */
  static Stream<OpDefinition> operators() {
    return Stream.concat(names(ELEMENTWISE), names(OTHERS))
        .map(name -> StandardOps.registry().get(OpId.of(name)));
  }

  private static Stream<String> names(String text) {
    return Arrays.stream(text.split("\\s+"));
  }

  /** The example calls of an operator. */
  static List<OpExample> of(OpDefinition op) {
    OpExamples examples = new OpExamples(op);
    if (names(ELEMENTWISE).anyMatch(op.id().name()::equals)) {
      examples.addElementwise();
      if (op == StandardOps.SWISH) {
        examples.addUnary(Attributes.NONE.with(Swish.ALPHA, -1.5f));
      }
    } else {
      examples.addOther();
    }
    return examples.examples;
  }

  private void addElementwise() {
    int required =
        (int)
            op.schema().inputs().stream()
                .filter(input -> input.arity() == OpSchema.Arity.REQUIRED)
                .count();
    if (required == 1) {
      addUnary(Attributes.NONE);
      return;
    }
    addPairs(Attributes.NONE);
    if (required == 0) { // variadic
      for (double[] interval : INTERVALS) {
        Input scalar = drawn(ElementType.FLOAT, Shape.SCALAR, interval);
        Input row = drawn(ElementType.FLOAT, Shape.of(3), interval);
        add(Attributes.NONE, scalar, row, drawn(ElementType.FLOAT, SMALL, interval));
      }
    }
  }

  private void addUnary(Attributes attributes) {
    for (ElementType type : types(0)) {
      for (double[] interval : INTERVALS) {
        add(attributes, drawn(type, SMALL, interval));
      }
    }
  }

  private void addPairs(Attributes attributes) {
    for (ElementType type : types(0)) {
      for (int left = 0; left < INTERVALS.length; left++) {
        for (int right = 0; right < INTERVALS.length; right++) {
          // Every other pair in float32, every fifth in other types.
          if ((left + right) % (type == ElementType.FLOAT ? 2 : 5) == 0) {
            Input a = drawn(type, SMALL, INTERVALS[left]);
            add(attributes, a, drawn(type, SMALL, INTERVALS[right]));
          }
        }
      }
      Input row = drawn(type, Shape.of(3), INTERVALS[1]);
      if (op != StandardOps.PRELU) { // which broadcasts one way only
        add(attributes, row, drawn(type, Shape.of(2, 1), INTERVALS[1]));
      }
      add(attributes, drawn(type, Shape.of(2, 2, 3), INTERVALS[1]), row);
      add(attributes, drawn(type, Shape.of(2, 3), INTERVALS[2]), row);
    }
  }

  private void addOther() {
    switch (op.id().name()) {
      case "ArgMax", "ArgMin" -> addAlongAxes(ArgMax.AXIS);
      case "Softmax", "LogSoftmax", "Hardmax" -> addAlongAxes(Softmax.AXIS);
      case "BitCast" -> addBitCasts();
      case "BitShift" -> {
        addShifts("LEFT");
        addShifts("RIGHT");
      }
      case "Cast", "CastLike" -> addCasts();
      case "Clip" -> addClips();
      case "CumProd", "CumSum" -> addScans();
      case "Det" -> addMatrices();
      case "Gelu" -> {
        addUnary(Attributes.NONE);
        addUnary(Attributes.NONE.with(Gelu.APPROXIMATE, "tanh"));
      }
      case "Mod" -> {
        addPairs(Attributes.NONE);
        addPairs(Attributes.NONE.with(Mod.FMOD, 1L));
      }
      case "Shrink" -> {
        addUnary(Attributes.NONE.with(Shrink.BIAS, 0.25f));
        addUnary(Attributes.NONE.with(Shrink.LAMBD, 1.5f).with(Shrink.BIAS, 1.5f));
      }
      case "Where" -> addChoices();
      default -> addReductions();
    }
  }

  private void addAlongAxes(Attribute<Long> axis) {
    for (ElementType type : types(0)) {
      for (double[] interval : INTERVALS) {
        for (long at : new long[] {0, -1, 1}) {
          Attributes attributes = Attributes.NONE.with(axis, at);
          add(attributes, drawn(type, Shape.of(2, 3, 2), interval));
        }
      }
    }
  }

  private void addBitCasts() {
    Attributes toInt = Attributes.NONE.with(Cast.TO, (long) ElementType.INT32.code());
    add(toInt, drawn(ElementType.FLOAT, SMALL, INTERVALS[0]));
  }

  private void addShifts(String direction) {
    for (ElementType type : types(0)) {
      add(
          Attributes.NONE.with(BitShift.DIRECTION, direction),
          drawn(type, SMALL, INTERVALS[1]),
          drawn(type, Shape.of(3), INTERVALS[7]));
    }
  }

  private void addCasts() {
    for (ElementType from : TRIED) {
      for (ElementType to : TRIED) {
        for (double[] interval : INTERVALS) {
          if (op == StandardOps.CAST) {
            Attributes attributes = Attributes.NONE.with(Cast.TO, (long) to.code());
            add(attributes, drawn(from, SMALL, interval));
          } else {
            Tensor like = Tensor.filled(to, Shape.SCALAR, 0);
            add(Attributes.NONE, drawn(from, SMALL, interval), new Input.Given(like));
          }
        }
      }
    }
  }

  private void addClips() {
    for (ElementType type : types(0)) {
      for (double[] interval : INTERVALS) {
        Input x = drawn(type, SMALL, interval);
        add(Attributes.NONE, x);
        add(Attributes.NONE, x, new Input.Given(Tensor.scalar(type, 1)));
        add(Attributes.NONE, x, null, new Input.Given(Tensor.scalar(type, 2)));
        Input low = drawn(type, Shape.SCALAR, INTERVALS[0]);
        add(Attributes.NONE, x, low, drawn(type, Shape.SCALAR, INTERVALS[1]));
      }
    }
  }

  private void addScans() {
    for (ElementType type : types(0)) {
      for (double[] interval : INTERVALS) {
        Input x = drawn(type, Shape.of(2, 3), interval);
        Input axis = new Input.Given(Tensor.scalar(ElementType.INT64, -1));
        add(Attributes.NONE, x, axis);
        add(Attributes.NONE.with(CumSum.EXCLUSIVE, 1L), x, axis);
        add(Attributes.NONE.with(CumSum.REVERSE, 1L), x, axis);
      }
    }
  }

  private void addMatrices() {
    for (ElementType type : types(0)) {
      for (double[] interval : INTERVALS) {
        add(Attributes.NONE, drawn(type, Shape.of(2, 3, 3), interval));
      }
    }
  }

  private void addChoices() {
    Input condition = drawn(ElementType.BOOL, Shape.of(3), INTERVALS[0]);
    for (ElementType type : TRIED) {
      Input left = drawn(type, SMALL, INTERVALS[0]);
      add(Attributes.NONE, condition, left, drawn(type, Shape.of(2, 1), INTERVALS[7]));
      add(Attributes.NONE, condition, left, left);
    }
  }

  private void addReductions() {
    Shape shape = Shape.of(2, 3, 2);
    for (ElementType type : types(0)) {
      for (double[] interval : INTERVALS) {
        Input x = drawn(type, shape, interval);
        add(Attributes.NONE, x);
        add(Attributes.NONE, x, new Input.Given(Tensor.vector(1)));
        add(Attributes.NONE.with(ReduceSum.KEEP_DIMS, 0L), x, given(-1, 0));
        add(Attributes.NONE.with(ReduceSum.NOOP, 1L), x, given());
      }
    }
  }

  private static Input given(long... values) {
    return new Input.Given(Tensor.vector(values));
  }

  private List<ElementType> types(int input) {
    Set<ElementType> allowed = op.schema().input(input).orElseThrow().types();
    return TRIED.stream().filter(allowed::contains).toList();
  }

  /** An input with elements in the part of an interval that its type holds. */
  private static Input drawn(ElementType type, Shape shape, double[] interval) {
    double low = interval[0];
    double high = interval[1];
    if (type == ElementType.BOOL) {
      return new Input.Drawn(type, shape, low > 0 ? 1 : 0, high > 0 ? 1 : 0);
    }
    if (type == ElementType.FLOAT16) {
      low = Math.clamp(low, -LARGEST_HALF, LARGEST_HALF);
      high = Math.clamp(high, -LARGEST_HALF, LARGEST_HALF);
    }
    if (type.isInteger()) {
      // Verdicts compare integers in double.
      low = Math.clamp(low, -LARGEST_INTEGER, LARGEST_INTEGER);
      high = Math.clamp(high, -LARGEST_INTEGER, LARGEST_INTEGER);
      double least = Math.max(Math.ceil(low), type.minInteger());
      double most = Math.min(Math.floor(high), type.maxInteger());
      return new Input.Drawn(type, shape, Math.min(least, Math.max(most, 0)), Math.max(most, 0));
    }
    return new Input.Drawn(type, shape, low, high);
  }

  private void add(Attributes attributes, @Nullable Input... inputs) {
    examples.add(new OpExample(op, attributes, Arrays.asList(inputs)));
  }
}
