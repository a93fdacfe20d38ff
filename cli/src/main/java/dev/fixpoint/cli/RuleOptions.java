package dev.fixpoint.cli;

import dev.fixpoint.grammar.SourceText;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.rulelang.RuleLibrary;
import dev.fixpoint.rulelang.RuleLoader;
import dev.fixpoint.transform.StandardRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** The rules that come on top of the standard ones: from files, and from the class path. */
final class RuleOptions {
  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "A file of rewrite rules that apply, too; may be given again.")
  private List<Path> files = new ArrayList<>();

  /** The rules of the class path and of the files. */
  RuleSet rules() {
    Set<String> names = new HashSet<>();
    StandardRules.all().rules().forEach(rule -> names.add(rule.name()));
    RuleSet all = RuleLibrary.installed();
    all.rules().forEach(rule -> names.add(rule.name()));
    for (Path file : files) {
      RuleSet read = read(file);
      for (RewriteRule rule : read.rules()) {
        if (!names.add(rule.name())) {
          throw new CommandException(
              file + ": there is a rule '" + rule.name() + "' already; give it another name");
        }
      }
      all = all.plus(read);
    }
    return all;
  }

  /** The standard rules and these. */
  RuleSet withStandard() {
    return StandardRules.all().plus(rules());
  }

  /** The rules of a file; an error names the place. */
  static RuleSet read(Path file) {
    return Failure.naming(file, () -> RuleLoader.STANDARD.load(SourceText.read(file)));
  }
}
