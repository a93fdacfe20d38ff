package dev.fixpoint.analysis;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a quantized graph can be from its float graph around one input while no quantizer clips,
 * by affine forms: what quantizers round is a symbol for each element, which linear operators carry
 * on with its sign, so that errors that cancel do. Tighter than intervals through linear stretches
 * and Relu, and on differences of outputs; operators of other kinds forget the symbols and go by
 * their error transfer.
 *
 * <p>Affine arithmetic: L. H. de Figueiredo, J. Stolfi, "Affine arithmetic: concepts and
 * applications", Numerical Algorithms 37, 2004. Relu by the chord with the least area: G. Singh et
 * al., "Fast and effective robustness certification", NeurIPS 2018.
 */
public final class AffineAnalysis {
  private final Derivation derivation;
  private final Counterparts pair;
  private final CompiledRanges compiled;
  private final LinearMaps maps = new LinearMaps();
  private final int mostSymbols;

  /**
   * An analysis of a compilation.
   *
   * @param inputRanges declared range by input name
   * @param mostSymbols how many symbols a form may have; more are joined to the box around it
   */
  public AffineAnalysis(Derivation derivation, Map<String, Range> inputRanges, int mostSymbols) {
    this.derivation = derivation;
    this.pair = Counterparts.of(derivation);
    this.compiled = new CompiledRanges(pair, derivation.promises(), inputRanges, false);
    this.mostSymbols = mostSymbols;
  }

  /**
   * What was proved of an output for one input.
   *
   * @param real its value in the float graph
   * @param errors interval of what the quantized graph adds, by element
   * @param margins for each element, the least that the largest element of the quantized graph's
   *     output stays above it; not meaningful for the largest itself
   * @param largest position of the largest element
   */
  public record Proof(List<Double> real, List<Interval> errors, List<Double> margins, int largest) {
    /** Keeps immutable copies. */
    public Proof {
      real = List.copyOf(real);
      errors = List.copyOf(errors);
      margins = List.copyOf(margins);
    }

    /** Whether the quantized graph must have the same largest element. */
    public boolean keepsLargest() {
      for (int i = 0; i < margins.size(); i++) {
        if (i != largest && !(margins.get(i) > 0)) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Analyses an output around one sample.
   *
   * @param output an output of the reference
   * @param inputs tensor by input name, with a batch of one
   */
  public Proof prove(Value output, Map<String, Tensor> inputs) {
    Map<Value, Tensor> tensors = new HashMap<>();
    new ReferenceInterpreter()
        .prepare(derivation.reference(), derivation.reference().values())
        .evaluate(inputs, tensors::put);
    Tensor value = tensors.get(output);
    if (value == null) {
      throw new IllegalArgumentException(
          "'" + output.name() + "' is not a value of " + derivation.reference());
    }
    AffineSweep sweep = new AffineSweep(pair, compiled, maps, mostSymbols, tensors);
    return proof(value.toDoubles(), sweep.form(output));
  }

  private static Proof proof(double[] real, AffineForm form) {
    double[] reach = form.reach();
    int largest = 0;
    List<Interval> errors = new ArrayList<>();
    for (int i = 0; i < real.length; i++) {
      largest = real[i] > real[largest] ? i : largest;
      errors.add(
          Double.isFinite(reach[i])
              ? Interval.point(form.center()[i]).widened(reach[i])
              : Interval.ALL);
    }
    List<Double> margins = new ArrayList<>();
    for (int i = 0; i < real.length; i++) {
      double apart = real[largest] + form.center()[largest] - real[i] - form.center()[i];
      margins.add(apart - form.reachOfDifference(largest, i));
    }
    return new Proof(Arrays.stream(real).boxed().toList(), errors, margins, largest);
  }
}
