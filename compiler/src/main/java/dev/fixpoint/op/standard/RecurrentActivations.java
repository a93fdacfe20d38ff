package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The activation functions of one direction of a recurrent layer, arguments clipped. */
final class RecurrentActivations {
  private final List<DoubleUnaryOperator> functions;
  private final double clip;

  private RecurrentActivations(List<DoubleUnaryOperator> functions, double clip) {
    this.functions = functions;
    this.clip = clip;
  }

  /** The functions of a direction, by name with their parameters, or the default ones. */
  static RecurrentActivations of(OpCall call, int direction, List<String> defaults) {
    List<String> names = call.attributes().find(RecurrentOperator.ACTIVATIONS);
    int count = defaults.size();
    if (names != null && names.size() < (direction + 1) * count) {
      throw new IllegalArgumentException(
          names.size() + " activations, but each direction takes " + count);
    }
    Iterator<Float> alphas = values(call.attributes().find(RecurrentOperator.ACTIVATION_ALPHA));
    Iterator<Float> betas = values(call.attributes().find(RecurrentOperator.ACTIVATION_BETA));
    List<DoubleUnaryOperator> all = new ArrayList<>();
    for (int i = 0; i < (direction + 1) * count; i++) {
      String name = names == null ? defaults.get(i % count) : names.get(i);
      all.add(function(name.toLowerCase(Locale.ROOT), alphas, betas));
    }
    Float clip = call.attributes().find(RecurrentOperator.CLIP);
    return new RecurrentActivations(
        all.subList(direction * count, (direction + 1) * count),
        clip == null ? Double.POSITIVE_INFINITY : clip);
  }

  private static Iterator<Float> values(@Nullable List<Float> given) {
    return given == null ? List.<Float>of().iterator() : given.iterator();
  }

  private static double next(Iterator<Float> given, double otherwise) {
    return given.hasNext() ? given.next() : otherwise;
  }

  private static DoubleUnaryOperator function(
      String name, Iterator<Float> alphas, Iterator<Float> betas) {
    return switch (name) {
      case "relu" -> x -> Math.max(x, 0);
      case "tanh" -> Math::tanh;
      case "sigmoid" -> RecurrentActivations::sigmoid;
      case "softsign" -> x -> x / (1 + Math.abs(x));
      case "softplus" -> x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case "leakyrelu" -> leakyRelu(next(alphas, 0.01));
      case "thresholdedrelu" -> thresholdedRelu(next(alphas, 1));
      case "elu" -> elu(next(alphas, 1));
      case "affine" -> affine(next(alphas, 1), next(betas, 0));
      case "scaledtanh" -> scaledTanh(next(alphas, 1), next(betas, 1));
      case "hardsigmoid" -> hardSigmoid(next(alphas, 0.2f), next(betas, 0.5));
      default -> throw new IllegalArgumentException("there is no activation '" + name + "'");
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static DoubleUnaryOperator leakyRelu(double alpha) {
    return x -> x < 0 ? alpha * x : x;
  }

  private static DoubleUnaryOperator thresholdedRelu(double alpha) {
    return x -> x > alpha ? x : 0;
  }

  private static DoubleUnaryOperator elu(double alpha) {
    return x -> x < 0 ? alpha * Math.expm1(x) : x;
  }

  private static DoubleUnaryOperator affine(double alpha, double beta) {
    return x -> alpha * x + beta;
  }

  private static DoubleUnaryOperator scaledTanh(double alpha, double beta) {
    return x -> alpha * Math.tanh(beta * x);
  }

  private static DoubleUnaryOperator hardSigmoid(double alpha, double beta) {
    return x -> Math.clamp(alpha * x + beta, 0.0, 1.0);
  }

  /** A function, the first being number 0, of an argument that is clipped first. */
  double apply(int function, double x) {
    return functions.get(function).applyAsDouble(Math.clamp(x, -clip, clip));
  }
}
