package dev.fixpoint;

import dev.fixpoint.analysis.Certificates;
import dev.fixpoint.analysis.Derivation;
import dev.fixpoint.analysis.ErrorReport;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.pass.PassContext.Refusal;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.transform.quantize.QuantReport;
import java.util.List;
import java.util.Optional;

/**
 * What a compilation gives back: the graph, and the ledger of how it came about.
 *
 * @param graph the graph
 * @param records every rewrite that fired, with its bound, in order
 * @param refusals every rule whose pattern fitted and that had to refuse, with the reason
 * @param report which nodes run on integers and why; empty where nothing was quantized or lowered
 * @param errors what was proved of its outputs and tensors, where it was quantized
 * @param derivation where it came from, for further analyses, where it was quantized
 */
public record CompiledModel(
    Graph graph,
    List<RewriteRecord> records,
    List<Refusal> refusals,
    QuantReport report,
    Optional<ErrorReport> errors,
    Optional<Derivation> derivation) {
  /** Of a compilation of which nothing was proved besides its records. */
  public CompiledModel(
      Graph graph, List<RewriteRecord> records, List<Refusal> refusals, QuantReport report) {
    this(graph, records, refusals, report, Optional.empty(), Optional.empty());
  }

  /** Keeps immutable copies. */
  public CompiledModel {
    records = List.copyOf(records);
    refusals = List.copyOf(refusals);
  }

  /** This model with what was proved of it. */
  CompiledModel carrying(Certificates certificates, ErrorReport proved, Derivation from) {
    return new CompiledModel(
        certificates.attachedTo(graph),
        records,
        refusals,
        report,
        Optional.of(proved),
        Optional.of(from));
  }
}
