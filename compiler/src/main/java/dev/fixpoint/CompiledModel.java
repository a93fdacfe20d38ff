package dev.fixpoint;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.pass.PassContext.Refusal;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.transform.quantize.QuantReport;
import java.util.List;

/**
 * What a compilation gives back: the graph, and the ledger of how it came about.
 *
 * @param graph the graph
 * @param records every rewrite that fired, with its bound, in order
 * @param refusals every rule whose pattern fitted and that had to refuse, with the reason
 * @param report which nodes run on integers and why; empty where nothing was quantized or lowered
 */
public record CompiledModel(
    Graph graph, List<RewriteRecord> records, List<Refusal> refusals, QuantReport report) {
  /** Keeps immutable copies. */
  public CompiledModel {
    records = List.copyOf(records);
    refusals = List.copyOf(refusals);
  }
}
