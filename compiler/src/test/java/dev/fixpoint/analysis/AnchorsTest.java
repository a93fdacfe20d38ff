package dev.fixpoint.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.RewriteListener;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Where a comparison of two graphs may begin anew. */
class AnchorsTest {
  private static final Range UNIT = Range.of(0, 1);

  private final GraphBuilder builder = new GraphBuilder("chain");
  private final Value x = builder.input("x", TensorType.of(ElementType.FLOAT, 1, 4));
  private final Value magnitude = call("magnitude", StandardOps.ABS, x);
  private final Value positive = call("positive", StandardOps.RELU, magnitude);
  private final Value root = call("root", StandardOps.SQRT, positive);
  private final Graph source = builder.output(root).output(magnitude).build();

  private Value call(String name, OpDefinition op, Value input) {
    return builder.call(name, op, Attributes.NONE, input);
  }

  /** The source with another node that makes a value. */
  private Graph rewritten(Value made, OpDefinition op, Value input) {
    Rewriter rewriter = new Rewriter(source, Map.of(), RewriteListener.NONE);
    Node before = Objects.requireNonNull(source.producer(made));
    rewriter.replace(
        "rewrite",
        List.of(before),
        build -> build.define(made, op, Attributes.NONE, input),
        ErrorContract.realIdentity());
    return rewriter.finish();
  }

  @Test
  void allKnownPlacesAreTakenWhereNothingChanged() {
    Map<Value, Range> known = Map.of(magnitude, UNIT, root, UNIT);

    assertThat(Anchors.of(source, source, known)).isEqualTo(known);
  }

  @Test
  void aPlaceThatARewriteWentAroundIsNotTaken() {
    Graph reference = rewritten(positive, StandardOps.ABS, x);

    assertThat(Anchors.of(source, reference, Map.of(magnitude, UNIT))).isEmpty();
  }

  @Test
  void aLaterPlaceIsTakenAllTheSame() {
    Graph reference = rewritten(root, StandardOps.SQRT, magnitude);

    assertThat(Anchors.of(source, reference, Map.of(magnitude, UNIT, root, UNIT)))
        .containsOnlyKeys(magnitude, root);
  }

  @Test
  void aPlaceThatOnlyOneGraphHasIsNotTaken() {
    Graph reference = rewritten(root, StandardOps.SQRT, magnitude);

    assertThat(Anchors.of(source, reference, Map.of(positive, UNIT))).isEmpty();
  }
}
