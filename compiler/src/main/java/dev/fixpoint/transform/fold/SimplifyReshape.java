package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.Reshape;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a Reshape a constant shape where shape inference knows all of it but at most one entry,
 * also with a symbolic batch: an entry equal to the input's dimension at its place becomes 0, one
 * more that is not a number becomes -1.
 */
public final class SimplifyReshape {
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> SHAPE = Capture.ofValue("shape");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("simplify-reshape")
          .doc("Reshape(x, shape) = Reshape(x, constant) where inference knows the shape")
          .match(Patterns.op(StandardOps.RESHAPE).inputs(Patterns.any(X), Patterns.any(SHAPE)))
          .where(
              Condition.profit(
                      "shape is not constant yet",
                      match -> match.graph().constant(match.get(SHAPE)) == null)
                  .withHooks(
                      (graph, match, _) -> {
                        Tensor shape = match.findConstant(SHAPE).orElse(Tensor.vector());
                        Node read =
                            graph.addNode(
                                StandardOps.IDENTITY, List.of(graph.addConstant("shape", shape)));
                        graph.setInput(match.root(), 1, read.output());
                        return match.findConstant(SHAPE).isPresent();
                      },
                      (graph, match, _) -> {
                        Value known = graph.addConstant("shape", Tensor.vector(-1));
                        graph.setInput(match.root(), 1, known);
                        return true;
                      }))
          .where(
              Condition.soundness(
                      "all entries of shape are known but one", match -> target(match) != null)
                  .withHooks(
                      null,
                      (graph, match, _) -> {
                        TensorType type = match.type(match.get(SHAPE));
                        graph.setInput(match.root(), 1, graph.addInput("shape", type));
                        return true;
                      }))
          .replaceWith(
              (match, build) -> {
                long[] target = target(match);
                if (target == null) {
                  throw build.refuse("the shape is not known");
                }
                Value shape = build.constant(match.get(SHAPE).name(), Tensor.vector(target));
                build.define(
                    match.root().output(),
                    StandardOps.RESHAPE,
                    match.root().attributes(),
                    match.get(X),
                    shape);
              })
          .within(ErrorContract.bitExact());

  private SimplifyReshape() {}

  private static long @Nullable [] target(Match match) {
    return Reshape.numericShape(TypeInference.call(match.graph(), match.root()));
  }
}
