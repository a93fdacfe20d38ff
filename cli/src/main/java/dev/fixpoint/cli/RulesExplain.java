package dev.fixpoint.cli;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.MatchResult.Mismatch;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says where a rule fires on a model, and why it does not elsewhere. */
@Command(
    name = "explain",
    description = "Says where a rule fires on a model, and why it does not elsewhere.")
final class RulesExplain implements Callable<Integer> {
  /** Places where the rule does not fire that are shown. */
  private static final int SHOWN = 20;

  @Mixin private final Console console = new Console();
  @Mixin private final RuleOptions options = new RuleOptions();

  @Parameters(index = "0", paramLabel = "RULE", description = "The name of the rule.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "MODEL", description = "The model to look at, as it is.")
  private Path model = Path.of("");

  private record Miss(Node root, Mismatch mismatch) {}

  @Override
  public Integer call() {
    RewriteRule rule = rule(options.withStandard());
    Graph graph = ModelFile.read(model);
    List<Match> matches = new ArrayList<>();
    List<Miss> misses = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (rule.pattern().ops().contains(node.opId())) {
        switch (Failure.naming(model, () -> rule.explainAt(graph, node))) {
          case Match match -> matches.add(match);
          case Mismatch mismatch -> misses.add(new Miss(node, mismatch));
        }
      }
    }
    print(rule, matches, misses);
    return Main.DONE;
  }

  private RewriteRule rule(RuleSet rules) {
    return rules
        .find(name)
        .orElseThrow(
            () ->
                new CommandException(
                    "there is no rule '" + name + "'; 'fixpoint rules list' shows them"));
  }

  private void print(RewriteRule rule, List<Match> matches, List<Miss> misses) {
    if (matches.isEmpty() && misses.isEmpty()) {
      console.line(rule + " starts at " + rule.pattern().describe() + ", of which there is none");
      return;
    }
    console.line(rule + " fires at " + places(matches.size()));
    matches.forEach(match -> console.line("  " + nodes(match)));
    if (!misses.isEmpty()) {
      console.line("it does not at " + places(misses.size()) + ", the closest first");
      misses.sort(Comparator.comparing(Miss::mismatch, RulesExplain::closestFirst));
      misses.stream().limit(SHOWN).forEach(miss -> console.line("  " + reason(miss)));
      if (misses.size() > SHOWN) {
        console.line("  … and " + (misses.size() - SHOWN) + " more");
      }
    }
  }

  private static int closestFirst(Mismatch a, Mismatch b) {
    if (a.tellsMoreThan(b)) {
      return -1;
    }
    return b.tellsMoreThan(a) ? 1 : 0;
  }

  private static String places(int count) {
    return String.format(Locale.ROOT, count == 1 ? "%d node" : "%d nodes", count);
  }

  private static String nodes(Match match) {
    String root = match.root().describe();
    String others =
        match.nodes().stream().skip(1).map(Node::describe).collect(Collectors.joining(", "));
    return others.isEmpty() ? root : root + " with " + others;
  }

  private static String reason(Miss miss) {
    Mismatch mismatch = miss.mismatch();
    return mismatch.where() == miss.root()
        ? mismatch.toString()
        : miss.root().describe() + ": " + mismatch;
  }
}
