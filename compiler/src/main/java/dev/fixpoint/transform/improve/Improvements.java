package dev.fixpoint.transform.improve;

import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.pass.Pipeline;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is done beyond plain static quantization.
 *
 * @param chosen the improvements, applied in their natural order
 * @param target what has to be reached by leaving layers in float; null for nothing
 */
public record Improvements(Set<Improvement> chosen, @Nullable Target target) {
  /** Plain quantization. */
  public static final Improvements NONE = new Improvements(Set.of(), null);

  /** Keeps an immutable copy. */
  public Improvements {
    chosen = Set.copyOf(chosen);
  }

  /** Some improvements without a target. */
  public static Improvements of(Improvement... improvements) {
    return new Improvements(Set.of(improvements), null);
  }

  /** These improvements and another. */
  public Improvements plus(Improvement another) {
    Set<Improvement> all = new HashSet<>(chosen);
    all.add(another);
    return new Improvements(all, target);
  }

  /** These improvements with a target. */
  public Improvements withTarget(Target newTarget) {
    return new Improvements(chosen, newTarget);
  }

  /** Whether nothing is asked for. */
  public boolean isEmpty() {
    return chosen.isEmpty() && target == null;
  }

  private List<Improvement> inOrder(boolean onFloat) {
    return EnumSet.allOf(Improvement.class).stream()
        .filter(each -> chosen.contains(each) && each.isOnFloat() == onFloat)
        .toList();
  }

  /**
   * The passes on the float graph, each guarded by quantizing with and without it.
   *
   * @param reference the float graph before them
   * @param quantization what makes a fake-quantized graph of a float one
   */
  public Pipeline onFloat(Reference reference, Pipeline quantization) {
    Pipeline.Builder builder = Pipeline.builder();
    for (Improvement each : inOrder(true)) {
      builder.then(new Guarded(each.pass(reference), quantization, reference));
    }
    return builder.build();
  }

  /**
   * The passes on the fake-quantized graph, each guarded by the graph with and without it.
   *
   * @param reference the float graph that was quantized
   */
  public Pipeline onQuantized(Reference reference) {
    Pipeline nothing = Pipeline.builder().build();
    Pipeline.Builder builder = Pipeline.builder();
    for (Improvement each : inOrder(false)) {
      builder.then(new Guarded(each.pass(reference), nothing, reference));
    }
    if (target != null) {
      builder.then(new LeaveSensitiveLayers(reference, target));
    }
    return builder.build();
  }

  /** A scheme under which the float parts that improvements make stay in float. */
  public QuantScheme adapted(QuantScheme scheme) {
    if (!chosen.contains(Improvement.OUTLIERS)) {
      return scheme;
    }
    List<Pattern> excluded = new ArrayList<>(scheme.excludedNodes());
    excluded.add(SplitOutliers.FLOAT_NODES);
    return scheme.excluding(excluded, scheme.excludedOperators());
  }
}
