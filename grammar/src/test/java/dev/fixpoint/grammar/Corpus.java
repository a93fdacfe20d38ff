package dev.fixpoint.grammar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.antlr.v4.runtime.ParserRuleContext;

/** The files of examples, right and wrong; what a file is as a whole, its suffix says. */
final class Corpus {

  private Corpus() {}

  /** The files of a folder such as {@code onnx/valid}, in the order of their names. */
  static List<Path> files(String folder) {
    URL url = Objects.requireNonNull(Corpus.class.getResource(folder), folder);
    try (var files = Files.list(Path.of(url.toURI()))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static SourceText read(Path file) {
    try {
      return SourceText.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Parses a text as what the suffix of its name says. */
  static ParserRuleContext parse(SourceText source) {
    String name = source.name();
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "onnxtxt" -> OnnxTextParsing.parseModel(source);
      case "functions" -> OnnxTextParsing.parseFunctions(source);
      case "nodes" -> OnnxTextParsing.parseNodes(source);
      case "rules" -> RuleLanguageParsing.parseRules(source);
      default -> throw new IllegalArgumentException(name);
    };
  }
}
