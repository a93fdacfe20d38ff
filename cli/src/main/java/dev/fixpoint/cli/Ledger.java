package dev.fixpoint.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fixpoint.CompiledModel;
import dev.fixpoint.analysis.ErrorReport;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Node;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.transform.quantize.QuantReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The rewrites of a compilation and what became of each node, for people and as JSON.
 *
 * @param records the rewrites in order
 * @param report what became of each node; empty where nothing was quantized
 * @param errors what was proved of the tensors, where that was done
 */
record Ledger(List<RewriteRecord> records, QuantReport report, Optional<ErrorReport> errors) {
  private static final String QUANTIZATION = ErrorContract.quantization().text();

  /** Keeps an immutable copy. */
  Ledger {
    records = List.copyOf(records);
  }

  /** Of a compilation that does not quantize. */
  Ledger(List<RewriteRecord> records) {
    this(records, QuantReport.NONE, Optional.empty());
  }

  /** Of any compilation. */
  Ledger(CompiledModel model) {
    this(model.records(), model.report(), model.errors());
  }

  /** Prints the rules that fired: how often, what they promise, and the largest bound. */
  void print(Console console, boolean each) {
    printRewrites(console, each);
    if (!report.entries().isEmpty()) {
      NodeReport.print(console, report);
    }
  }

  private void printRewrites(Console console, boolean each) {
    if (records.isEmpty()) {
      console.line("  nothing to rewrite");
      return;
    }
    Map<List<String>, List<RewriteRecord>> byRule = new LinkedHashMap<>();
    for (RewriteRecord record : records) {
      byRule
          .computeIfAbsent(List.of(record.rewrite(), record.contract()), _ -> new ArrayList<>())
          .add(record);
    }
    Table table = new Table("lrll", "rewrite", "fired", "contract", "largest bound");
    byRule.forEach(
        (rule, fired) -> {
          ErrorBound largest =
              fired.stream().map(RewriteRecord::bound).reduce(ErrorBound.EXACT, ErrorBound::join);
          table.row(
              rule.getFirst(),
              Integer.toString(fired.size()),
              rule.getLast(),
              rule.getLast().equals(QUANTIZATION) ? unclipped() + largest : largest.toString());
          if (each) {
            fired.forEach(record -> table.row("  " + place(record), "", "", bound(record)));
          }
        });
    table.print(console);
  }

  /** The largest local certificate while no quantizer clips, where it is known. */
  private String unclipped() {
    return errors
        .map(
            proved ->
                proved.lines().stream()
                        .map(line -> line.local().unclipped().uniform())
                        .reduce(ErrorBound.EXACT, ErrorBound::join)
                    + " while nothing clips, ")
        .orElse("");
  }

  private static String bound(RewriteRecord record) {
    return record.bound().toString();
  }

  private static String place(RewriteRecord record) {
    return record.before().isEmpty() ? "(the graph)" : record.before().getFirst().describe();
  }

  /** Writes all rewrites as JSON. */
  void write(Path file) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("rewrites", json());
    if (!report.entries().isEmpty()) {
      object.put("nodes", NodeReport.json(report));
    }
    OutputFile.write(
        file,
        beside ->
            Files.writeString(
                beside, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(object)));
  }

  /** All rewrites; a bound that does not exist is told by its reason, not by a number. */
  List<Map<String, Object>> json() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (RewriteRecord record : records) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("rewrite", record.rewrite());
      object.put("contract", record.contract());
      object.put("nodes", record.before().stream().map(Node::describe).toList());
      object.put("replacement", record.replacement().nodes().stream().map(Node::describe).toList());
      Map<String, Object> bounds = new LinkedHashMap<>();
      record.bounds().forEach((value, bound) -> bounds.put(value.name(), numberOrReason(bound)));
      object.put("bounds", bounds);
      all.add(object);
    }
    return all;
  }

  private static Object numberOrReason(ErrorBound bound) {
    return bound instanceof ErrorBound.Unbounded unbounded
        ? Map.of("unbounded", Objects.requireNonNull(unbounded.reason()))
        : bound.max();
  }
}
