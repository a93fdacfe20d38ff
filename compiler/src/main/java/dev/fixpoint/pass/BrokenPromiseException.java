package dev.fixpoint.pass;

import dev.fixpoint.rewrite.Neighbourhood;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.Tensor;
import java.util.Map;

/** A rewrite whose result left the bound that it declared; carries the nodes and the inputs. */
public final class BrokenPromiseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RewriteRecord record;
  private final transient Neighbourhood neighbourhood;
  private final transient Map<String, Tensor> inputs;

  BrokenPromiseException(
      RewriteRecord record,
      Neighbourhood neighbourhood,
      Map<String, Tensor> inputs,
      String problem) {
    super(
        "rewrite '"
            + record.rewrite()
            + "' at "
            + record.before().getFirst().describe()
            + " breaks its contract "
            + record.contract()
            + ": "
            + problem);
    this.record = record;
    this.neighbourhood = neighbourhood;
    this.inputs = Map.copyOf(inputs);
  }

  /** The rewrite. */
  public RewriteRecord record() {
    return record;
  }

  /** The nodes before and after, as graphs. */
  public Neighbourhood neighbourhood() {
    return neighbourhood;
  }

  /** Inputs of those graphs on which the bound does not hold. */
  public Map<String, Tensor> inputs() {
    return inputs;
  }
}
