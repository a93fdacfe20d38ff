package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A compiled graph and where it came from. A value that two of the graphs share means the same in
 * both.
 *
 * @param source the graph that was given
 * @param reference the last graph on the way without new quantizers: equal to the source over the
 *     reals but for constants and approximations
 * @param target the compiled graph
 * @param constantErrors how far constants of the reference are from the ones meant
 * @param approximations how far values of the reference may be from the source because of rewrites
 *     that are not equal over the reals
 * @param promises what rewrites from the reference to the target say of values whose node was
 *     replaced by others
 */
public record Derivation(
    Graph source,
    Graph reference,
    Graph target,
    Map<Value, ErrorBound> constantErrors,
    Map<Value, ErrorBound> approximations,
    Map<Value, ErrorBound> promises) {
  /** Keeps immutable copies. */
  public Derivation {
    constantErrors = Collections.unmodifiableMap(new LinkedHashMap<>(constantErrors));
    approximations = Collections.unmodifiableMap(new LinkedHashMap<>(approximations));
    promises = Collections.unmodifiableMap(new LinkedHashMap<>(promises));
  }

  /** Of a float graph that was quantized, with nothing in between. */
  public static Derivation of(Graph reference, Graph target) {
    return new Derivation(reference, reference, target, Map.of(), Map.of(), Map.of());
  }
}
