package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates a subgraph again and again, at most M times and as long as its condition holds. It
 * takes the iteration number, the condition and the carried values, and gives the next condition,
 * the next carried values, and values that are stacked over all iterations.
 */
public final class Loop implements SubgraphOperator {
  /** What is evaluated in each iteration. */
  public static final Attribute<Body> BODY = Attribute.ofGraph("body").required();

  /** {@code v_final_and_scan_outputs... = Loop(M?, cond?, v_initial...)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Loop")
          .versions(1, 11, 13, 16, 19, 21, 23, 24, 25)
          .optionalInput("M", Types.INT64)
          .optionalInput("cond", Types.BOOL)
          .variadicInput("v_initial", Types.ALL)
          .variadicOutput("v_final_and_scan_outputs", Types.ALL)
          .attributes(BODY)
          .doc("Evaluates a subgraph again and again.");

  /** Iterations after which a loop counts as endless. */
  private static final long MAX_ITERATIONS = 1 << 22;

  private static final int FIRST_CARRIED = 2;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    List<TensorType> made = call.get(BODY).outputTypes();
    int carried = carried(call);
    if (made.size() < 1 + carried) {
      throw new IllegalArgumentException(
          "the body gives " + made.size() + " outputs for " + carried + " carried values");
    }
    List<TensorType> types = new ArrayList<>();
    for (int i = 1; i < made.size(); i++) {
      types.add(
          i <= carried
              ? SubgraphOperator.either(call.type(FIRST_CARRIED + i - 1), made.get(i))
              : stacked(made.get(i)));
    }
    return types;
  }

  private static int carried(OpCall call) {
    return Math.max(call.inputCount() - FIRST_CARRIED, 0);
  }

  private static TensorType stacked(TensorType each) {
    if (!each.shape().isRanked()) {
      return each;
    }
    List<Dimension> dimensions = new ArrayList<>(each.shape().dimensions());
    dimensions.addFirst(Dimension.UNKNOWN);
    return each.withShape(Shape.of(dimensions));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Body body = call.get(BODY);
    long most = call.hasInput(0) ? Axes.single(call, 0).longAt(0) : Long.MAX_VALUE;
    boolean goesOn = !call.hasInput(1) || Axes.single(call, 1).longAt(0) != 0;
    List<Tensor> state = new ArrayList<>();
    for (int i = 0; i < carried(call); i++) {
      state.add(call.tensor(FIRST_CARRIED + i));
    }
    List<List<Tensor>> scanned = new ArrayList<>();
    for (int i = 1 + state.size(); i < body.outputTypes().size(); i++) {
      scanned.add(new ArrayList<>());
    }
    for (long iteration = 0; iteration < most && goesOn; iteration++) {
      if (iteration == MAX_ITERATIONS) {
        throw new IllegalArgumentException("the loop does not end");
      }
      List<Tensor> inputs = new ArrayList<>();
      inputs.add(Tensor.ofLongs(ElementType.INT64, Shape.SCALAR, iteration));
      inputs.add(Tensor.ofLongs(ElementType.BOOL, Shape.SCALAR, 1));
      inputs.addAll(state);
      List<Tensor> outputs = body.evaluate(inputs);
      goesOn = outputs.getFirst().longAt(0) != 0;
      for (int i = 0; i < scanned.size(); i++) {
        scanned.get(i).add(outputs.get(1 + state.size() + i));
      }
      state = new ArrayList<>(outputs.subList(1, 1 + state.size()));
    }
    return results(body, state, scanned);
  }

  private static List<Tensor> results(Body body, List<Tensor> state, List<List<Tensor>> scanned) {
    List<Tensor> results = new ArrayList<>(state);
    for (int i = 0; i < scanned.size(); i++) {
      TensorType type = body.outputTypes().get(1 + state.size() + i);
      results.add(Stacks.stack(scanned.get(i), 0, type));
    }
    return results;
  }
}
