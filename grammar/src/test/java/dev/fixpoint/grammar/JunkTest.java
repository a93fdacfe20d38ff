package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/** Whatever the characters: a parse ends soon, in a tree or in a {@link SyntaxException}. */
class JunkTest {

  private static final Duration SOON = Duration.ofSeconds(5);

  private static final List<Consumer<SourceText>> PARSERS =
      List.of(
          OnnxTextParsing::parseModel,
          OnnxTextParsing::parseGraph,
          OnnxTextParsing::parseFunctions,
          OnnxTextParsing::parseNodes,
          RuleLanguageParsing::parseRules);

  private static final List<SourceText> TEXTS =
      Stream.of("onnx/valid", "onnx/invalid", "rule/valid", "rule/invalid")
          .flatMap(folder -> Corpus.files(folder).stream())
          .map(Corpus::read)
          .toList();

  /** Words and signs of both languages, and some that belong to none. */
  private static final String[] WORDS = {
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    ",",
    ":",
    ".",
    "=",
    "=>",
    "@",
    "?",
    "...",
    "|",
    "-",
    "+",
    "==",
    "<=",
    "\"",
    "\"a b\"",
    "\\",
    "#",
    "#\n",
    "\n",
    " ",
    "0",
    "-1",
    "1.5e3",
    "nan",
    "-inf",
    "x",
    "y",
    "float",
    "float[2]",
    "{1, 2}",
    "[\"a\"]",
    "seq(",
    "opaque",
    "rule ",
    "rule a-b {",
    "match ",
    "where ",
    "let ",
    "replace y with ",
    "within ",
    "not ",
    "and ",
    "attributes of ",
    "y = A(x)",
    "g () => ()",
    "ß",
    "🎉",
    "\u0000",
    "\uD800"
  };

  @Property
  void arbitraryCharactersEndInATreeOrAMessage(@ForAll String text) {
    endsInATreeOrAMessage(text);
  }

  @Property
  void arbitraryWordsEndInATreeOrAMessage(@ForAll("words") String text) {
    endsInATreeOrAMessage(text);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void damagedTextsEndInATreeOrAMessage(@ForAll("damaged") String text) {
    endsInATreeOrAMessage(text);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(WORDS).list().ofMaxSize(60).map(words -> String.join("", words));
  }

  @Provide
  Arbitrary<String> damaged() {
    Arbitrary<String> texts = Arbitraries.of(TEXTS).map(SourceText::text);
    Arbitrary<Integer> places =
        Arbitraries.integers().between(0, 10_000).withDistribution(RandomDistribution.uniform());
    return Combinators.combine(texts, places, places, Arbitraries.of(WORDS)).as(JunkTest::damage);
  }

  /** The text with a word in place of up to 19 characters behind a place. */
  private static String damage(String text, int one, int other, String word) {
    int first = one % (text.length() + 1);
    int last = Math.min(text.length(), first + other % 20);
    return text.substring(0, first) + word + text.substring(last);
  }

  private static void endsInATreeOrAMessage(String text) {
    var source = new SourceText("junk", text);
    for (Consumer<SourceText> parser : PARSERS) {
      long start = System.nanoTime();
      try {
        parser.accept(source);
      } catch (SyntaxException e) {
        assertThat(e).hasMessageStartingWith("junk:").hasMessageMatching("(?s)junk:\\d+:\\d+: .+");
        assertThat(e.getMessage()).doesNotEndWith("expected ").doesNotContain("\n");
        assertThat(e.range().start()).isBetween(0, source.text().length());
        assertThat(e.range().end()).isBetween(e.range().start(), source.text().length());
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }
  }
}
