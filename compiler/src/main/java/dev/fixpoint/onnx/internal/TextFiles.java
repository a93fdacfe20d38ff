package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.OnnxTextParser;
import dev.fixpoint.grammar.OnnxTextParsing;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.SourceText;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files in ONNX's textual syntax: characters in, graphs out. */
public final class TextFiles {
  private TextFiles() {}

  /**
   * The graph of a file.
   *
   * @param folder where external data is; null refuses it
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no model that can be kept; the message begins with the place
   */
  public static Graph read(Path file, @Nullable Path folder, AssemblyOptions options)
      throws IOException {
    return decode(source(file), folder, options);
  }

  /**
   * The graph of a text.
   *
   * @param name name of the text, for messages
   * @param folder where external data is; null refuses it
   * @throws ModelException if it is no model that can be kept; the message begins with the place
   */
  public static Graph read(
      String name, String text, @Nullable Path folder, AssemblyOptions options) {
    return decode(new SourceText(name, text), folder, options);
  }

  /**
   * What a file says besides its graph, whose values are not read.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no model; the message begins with the place
   */
  public static ModelInfo info(Path file) throws IOException {
    SourceText source = source(file);
    try {
      return TextSource.info(OnnxTextParsing.parseModel(source));
    } catch (SyntaxException e) {
      throw refused(e);
    }
  }

  private static SourceText source(Path file) throws IOException {
    try {
      return SourceText.read(file);
    } catch (SyntaxException e) {
      throw refused(e);
    }
  }

  private static Graph decode(SourceText source, @Nullable Path folder, AssemblyOptions options) {
    TextSource reader = new TextSource(options.registry(), new ExternalData(folder));
    SourceModel model;
    SourceRange graph;
    try {
      OnnxTextParser.ModelContext tree = OnnxTextParsing.parseModel(source);
      graph = SourceRange.of(tree.graph());
      model = reader.model(tree);
    } catch (SyntaxException e) {
      throw refused(e);
    }
    try {
      return GraphAssembler.assemble(model, options);
    } catch (ModelException e) {
      String problem = String.valueOf(e.getMessage());
      SourceRange place = reader.place(problem);
      throw new ModelException((place == null ? graph : place) + ": " + problem, e);
    }
  }

  private static ModelException refused(SyntaxException e) {
    return new ModelException(e.range() + ": " + e.problem(), e);
  }
}
