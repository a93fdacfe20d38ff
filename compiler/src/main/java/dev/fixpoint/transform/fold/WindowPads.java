package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.Pad;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What the rules that move the amounts of a Pad into the windows of its reader share. */
final class WindowPads {
  static final Capture<Node> PAD = Capture.ofNode("pad");
  static final Capture<Value> X = Capture.ofValue("x");
  static final Capture<Value> PADS = Capture.ofValue("pads");
  static final Capture<Value> FILLER = Capture.ofValue("filler");
  private static final Capture<Value> AXES = Capture.ofValue("axes");

  private WindowPads() {}

  /** A Pad by constant amounts. */
  static OpPattern pad() {
    return Patterns.op(StandardOps.PAD)
        .capture(PAD)
        .inputs(
            Patterns.any(X), Patterns.constant(PADS), filler(), Patterns.optionalConstant(AXES));
  }

  private static Pattern filler() {
    return Patterns.optionalConstant(FILLER);
  }

  /** The mode in which a constant is filled in. */
  static Condition fillsConstant() {
    return Conditions.attribute(PAD, Pad.MODE, "constant")
        .withHooks(
            (graph, match, _) -> {
              graph.removeAttribute(match.get(PAD), Pad.MODE);
              return true;
            },
            (graph, match, random) -> {
              String mode = random.nextBoolean() ? "edge" : "reflect";
              graph.setAttribute(match.get(PAD), Pad.MODE, mode);
              return true;
            });
  }

  /** Zero is filled in. */
  static Condition fillsZero() {
    return Conditions.constantValue(FILLER, 0);
  }

  /** Only spatial axes grow, and none shrinks. */
  static Condition padsSpace() {
    return Condition.soundness("pad adds to spatial axes alone", match -> amounts(match) != null)
        .withHooks(
            (graph, match, random) -> draw(graph::setConstant, match, random, 2, 0),
            (graph, match, random) -> draw(graph::setConstant, match, random, 0, 1));
  }

  @FunctionalInterface
  private interface Setter {
    void set(Value value, Tensor tensor);
  }

  private static boolean draw(
      Setter graph, Match match, SplittableRandom random, int firstAxis, int least) {
    Shape shape = match.type(match.get(X)).shape();
    if (!shape.isRanked() || match.find(AXES).isPresent()) {
      return false;
    }
    long[] pads = new long[2 * shape.rank()];
    for (int i = 0; i < pads.length; i++) {
      pads[i] = i % shape.rank() < firstAxis ? 0 : least + random.nextInt(2);
    }
    graph.set(match.get(PADS), Tensor.vector(pads));
    return true;
  }

  /** The windows of the reader have explicit pads. */
  static Condition explicitPads() {
    return Condition.soundness(
            "pads of the windows are explicit",
            match -> !match.root().get(WindowGeometry.AUTO_PAD).startsWith("SAME"))
        .withHooks(
            (graph, match, _) -> {
              graph.removeAttribute(match.root(), WindowGeometry.AUTO_PAD);
              return true;
            },
            (graph, match, _) -> {
              graph.removeAttribute(match.root(), WindowGeometry.PADS);
              graph.setAttribute(match.root(), WindowGeometry.AUTO_PAD, "SAME_UPPER");
              return true;
            });
  }

  /** Pads of the reader's windows: its own. */
  static List<Long> own(Match match, int spatial) {
    List<Long> pads = match.root().attributes().find(WindowGeometry.PADS);
    boolean none =
        pads == null || pads.isEmpty() || match.root().get(WindowGeometry.AUTO_PAD).equals("VALID");
    return pads == null || none ? Collections.nCopies(2 * spatial, 0L) : pads;
  }

  /** Pads of the reader's windows: its own and those of the Pad. */
  static List<Long> together(Match match) {
    List<Long> added = amounts(match);
    if (added == null) {
      throw new IllegalStateException("pad does not add to spatial axes alone");
    }
    List<Long> own = own(match, added.size() / 2);
    List<Long> sums = new ArrayList<>();
    for (int i = 0; i < added.size(); i++) {
      sums.add(Math.addExact(added.get(i), own.get(i)));
    }
    return sums;
  }

  /** What the Pad adds before and after each spatial axis; null where it does something else. */
  static @Nullable List<Long> amounts(Match match) {
    Shape shape = match.type(match.get(X)).shape();
    if (!shape.isRanked() || shape.rank() < 3) {
      return null;
    }
    int rank = shape.rank();
    long[] pads = match.constant(PADS).toLongs();
    Optional<long[]> named = match.findConstant(AXES).map(Tensor::toLongs);
    int count = named.map(axes -> axes.length).orElse(rank);
    Long[] amounts = new Long[2 * (rank - 2)];
    Arrays.fill(amounts, 0L);
    for (int i = 0; i < pads.length; i++) {
      int index = i % count;
      long axis = named.map(axes -> axes[index]).orElse((long) index);
      int spatial = (int) (axis < 0 ? axis + rank : axis) - 2;
      if (pads[i] < 0 || (pads[i] > 0 && spatial < 0)) {
        return null;
      }
      if (spatial >= 0) {
        amounts[spatial + (i < count ? 0 : rank - 2)] = pads[i];
      }
    }
    return List.of(amounts);
  }

  /** The least value of a type: it loses against everything in a maximum. */
  static double least(ElementType type) {
    return type.isFloat() ? Double.NEGATIVE_INFINITY : type.minInteger();
  }
}
