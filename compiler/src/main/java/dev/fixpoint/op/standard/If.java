package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** The outputs of one of two subgraphs, chosen by a truth value. */
public final class If implements SubgraphOperator {
  /** What is evaluated when the condition holds; it has no inputs. */
  public static final Attribute<Body> THEN_BRANCH = Attribute.ofGraph("then_branch").required();

  /** What is evaluated when the condition does not hold; it has no inputs. */
  public static final Attribute<Body> ELSE_BRANCH = Attribute.ofGraph("else_branch").required();

  /** {@code outputs... = If(cond)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("If")
          .versions(1, 11, 13, 16, 19, 21, 23, 24, 25)
          .input("cond", Types.BOOL)
          .variadicOutput("outputs", Types.ALL)
          .attributes(ELSE_BRANCH, THEN_BRANCH)
          .doc("The outputs of one of two subgraphs.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Tensor condition = call.constant(0);
    if (condition != null) {
      return branch(call, condition).outputTypes();
    }
    List<TensorType> then = call.get(THEN_BRANCH).outputTypes();
    List<TensorType> otherwise = call.get(ELSE_BRANCH).outputTypes();
    if (then.size() != otherwise.size()) {
      throw new IllegalArgumentException(
          "the branches have " + then.size() + " and " + otherwise.size() + " outputs");
    }
    List<TensorType> types = new ArrayList<>();
    for (int i = 0; i < then.size(); i++) {
      types.add(SubgraphOperator.either(then.get(i), otherwise.get(i)));
    }
    return types;
  }

  private static Body branch(OpCall call, Tensor condition) {
    if (condition.elementCount() != 1) {
      throw new IllegalArgumentException("the condition should be one truth value: " + condition);
    }
    return call.get(condition.longAt(0) != 0 ? THEN_BRANCH : ELSE_BRANCH);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return branch(call, call.tensor(0)).evaluate(List.of());
  }
}
