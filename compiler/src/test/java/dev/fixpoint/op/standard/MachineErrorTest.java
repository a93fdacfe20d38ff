package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Textbook float32 implementations stay within what definitions allow machines. */
class MachineErrorTest {
  private static final int LINES = 7;
  private static final int LENGTH = 33;

  /**
   * A line of float32 numbers to a line or one number.
   *
   * @param op the operator that it implements
   * @param isReduction whether it makes one number of a line
   */
  private record Machine(OpDefinition op, boolean isReduction, LineFunction function) {
    @Override
    public String toString() {
      return op.id().toString();
    }
  }

  private interface LineFunction {
    float[] of(float[] line);
  }

  private interface FloatFunction {
    float of(float x);
  }

  static Stream<Machine> machines() {
    return Stream.of(
        each(StandardOps.SIGMOID, x -> 1 / (1 + (float) Math.exp(-x))),
        each(StandardOps.TANH, x -> (float) Math.tanh(x)),
        each(StandardOps.SOFTPLUS, x -> (float) Math.log1p((float) Math.exp(x))),
        each(StandardOps.ELU, x -> x < 0 ? (float) Math.exp(x) - 1 : x),
        each(StandardOps.HARD_SIGMOID, x -> Math.clamp(0.2f * x + 0.5f, 0f, 1f)),
        each(StandardOps.HARD_SWISH, x -> x * Math.clamp(x * (1 / 6f) + 0.5f, 0f, 1f)),
        each(StandardOps.SWISH, new Activation.Swish()::applyFloat),
        each(StandardOps.GELU, MachineErrorTest::gelu),
        each(StandardOps.MISH, MachineErrorTest::mish),
        new Machine(StandardOps.REDUCE_SUM, true, line -> new float[] {sum(line)}),
        new Machine(StandardOps.REDUCE_MEAN, true, line -> new float[] {sum(line) / LENGTH}),
        new Machine(StandardOps.REDUCE_L2, true, line -> new float[] {norm(line)}),
        new Machine(StandardOps.REDUCE_LOG_SUM_EXP, true, line -> new float[] {logSumExp(line)}),
        new Machine(StandardOps.SOFTMAX, false, MachineErrorTest::softmax),
        new Machine(StandardOps.LOG_SOFTMAX, false, MachineErrorTest::logSoftmax));
  }

  private static Machine each(OpDefinition op, FloatFunction function) {
    return new Machine(
        op,
        false,
        line -> {
          float[] result = new float[line.length];
          for (int i = 0; i < line.length; i++) {
            result[i] = function.of(line[i]);
          }
          return result;
        });
  }

  private static float gelu(float x) {
    float erf = (float) ErrorFunction.erf(x * (float) Math.sqrt(0.5));
    return 0.5f * x * (1 + erf);
  }

  private static float mish(float x) {
    return x * (float) Math.tanh((float) Math.log1p((float) Math.exp(x)));
  }

  private static float sum(float[] line) {
    float sum = 0;
    for (float x : line) {
      sum += x;
    }
    return sum;
  }

  private static float norm(float[] line) {
    float sum = 0;
    for (float x : line) {
      sum += x * x;
    }
    return (float) Math.sqrt(sum);
  }

  private static float largest(float[] line) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float x : line) {
      largest = Math.max(largest, x);
    }
    return largest;
  }

  private static float logSumExp(float[] line) {
    float largest = largest(line);
    float sum = 0;
    for (float x : line) {
      sum += (float) Math.exp(x - largest);
    }
    return largest + (float) Math.log(sum);
  }

  private static float[] softmax(float[] line) {
    float largest = largest(line);
    float[] result = new float[line.length];
    for (int i = 0; i < line.length; i++) {
      result[i] = (float) Math.exp(line[i] - largest);
    }
    float sum = sum(result);
    for (int i = 0; i < line.length; i++) {
      result[i] /= sum;
    }
    return result;
  }

  private static float[] logSoftmax(float[] line) {
    float logSumExp = logSumExp(line);
    float[] result = new float[line.length];
    for (int i = 0; i < line.length; i++) {
      result[i] = line[i] - logSumExp;
    }
    return result;
  }

  @ParameterizedTest
  @MethodSource("machines")
  void aMachineStaysWithinItsBound(Machine machine) {
    Random random = new Random(7);
    for (double size : new double[] {0.01, 1, 20}) {
      float[] x = new float[LINES * LENGTH];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (size * random.nextGaussian());
      }
      Tensor input = Tensor.ofFloats(Shape.of(LINES, LENGTH), x);
      List<Tensor> inputs = machine.isReduction ? List.of(input, Tensor.vector(1)) : List.of(input);
      OpCall call = OpCall.ofTensors(Attributes.NONE, List.copyOf(inputs), 1);
      Tensor expected = machine.op.evaluate(call).getFirst();
      ErrorBound bound = machine.op.machineError(call, List.of(expected)).getFirst();
      Verdict verdict = bound.check(expected, Tensor.ofFloats(expected.shape(), run(machine, x)));
      assertThat(verdict.holds()).as("%s with inputs of size %s", verdict, size).isTrue();
    }
  }

  private static float[] run(Machine machine, float[] x) {
    int width = machine.isReduction ? 1 : LENGTH;
    float[] result = new float[LINES * width];
    for (int line = 0; line < LINES; line++) {
      float[] values = Arrays.copyOfRange(x, line * LENGTH, (line + 1) * LENGTH);
      System.arraycopy(machine.function.of(values), 0, result, line * width, width);
    }
    return result;
  }
}
