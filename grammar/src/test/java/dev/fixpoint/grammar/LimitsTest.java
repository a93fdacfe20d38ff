package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.antlr.v4.runtime.ParserRuleContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

  private static final int SMALL_STACK = 256 * 1024;

  private static ParserRuleContext model(String text) {
    return OnnxTextParsing.parseModel(new SourceText("t", text));
  }

  private static ParserRuleContext condition(String condition) {
    String text = "rule a { match y = A(x) where " + condition + " replace y with x within z }";
    return RuleLanguageParsing.parseRules(new SourceText("r", text));
  }

  /** The outcome of a parse in a thread with a small stack: a message, or that it went well. */
  private static String outcome(Consumer<String> parse, String text) throws InterruptedException {
    var outcome = new String[] {"did not end"};
    Runnable task =
        () -> {
          try {
            parse.accept(text);
            outcome[0] = "understood";
          } catch (SyntaxException e) {
            outcome[0] = e.problem();
          } catch (StackOverflowError e) {
            outcome[0] = "the stack overflowed";
          }
        };
    var thread = new Thread(null, task, "small stack", SMALL_STACK);
    thread.start();
    thread.join();
    return outcome[0];
  }

  @Test
  void typesMayNestSixtyThreeDeepInTheirList() throws InterruptedException {
    IntFunction<String> nested =
        depth -> "g (" + "seq(".repeat(depth) + "float" + ")".repeat(depth) + " x) => () {}";

    assertThat(outcome(LimitsTest::model, nested.apply(63))).isEqualTo("understood");
    assertThat(outcome(LimitsTest::model, nested.apply(64)))
        .isEqualTo("found '(' at level 65 of nesting, expected at most 64 levels");
  }

  @Test
  void graphsMayNestSixtyThreeDeep() throws InterruptedException {
    IntFunction<String> nested =
        depth ->
            "g () => () {" + "a = B <x = g () => () {".repeat(depth) + "}> ()".repeat(depth) + "}";

    assertThat(outcome(LimitsTest::model, nested.apply(63))).isEqualTo("understood");
    assertThat(outcome(LimitsTest::model, nested.apply(64)))
        .isEqualTo("found '(' at level 65 of nesting, expected at most 64 levels");
  }

  @Test
  void expressionsMayNestSixtyThreeDeepInTheirRule() throws InterruptedException {
    IntFunction<String> nested = depth -> "(".repeat(depth) + "a" + ")".repeat(depth);

    assertThat(outcome(LimitsTest::condition, nested.apply(63))).isEqualTo("understood");
    assertThat(outcome(LimitsTest::condition, nested.apply(64)))
        .isEqualTo("found '(' at level 65 of nesting, expected at most 64 levels");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "[",
        "{",
        "<",
        "=",
        "<a=",
        "=[",
        "={",
        "\"",
        "-",
        "@",
        "seq(",
        "map(int8,",
        "float[",
        "g()=>(",
        "g()=>(){",
        "a=B<x=g()=>(){",
        "a=B<x=[",
        "<a:[",
        ",",
        ".",
        "x "
      })
  void aHundredThousandOfAnythingEndInAMessage(String piece) throws InterruptedException {
    for (String beginning : new String[] {"", "g (", "g () => () {", "g () => () { y = A <x = "}) {
      assertThat(outcome(LimitsTest::model, beginning + piece.repeat(100_000)))
          .startsWith("found ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "[",
        "{",
        "not ",
        "-",
        "f(",
        "f(a, [",
        "(-",
        "f <a = ",
        "f <a = (",
        "f(a) <b = ",
        "a < ",
        "a == ",
        "a.",
        "a or ",
        "\"b\"."
      })
  void aHundredThousandOfAnythingInAConditionEndInAMessage(String piece)
      throws InterruptedException {
    assertThat(outcome(LimitsTest::condition, piece.repeat(100_000))).startsWith("found ");
  }

  @Test
  void longChainsOfOperationsAreFlat() throws InterruptedException {
    assertThat(outcome(LimitsTest::condition, "a" + " and a + a * a".repeat(20_000)))
        .isEqualTo("understood");
  }

  @Test
  void numbersAreBounded() {
    String longest = "1".repeat(Limits.NUMBER);

    assertThatCode(() -> model("<a: " + longest + "> g (float x = {" + longest + "}) => () {}"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> model("<a: 1" + longest + "> g () => () {}"))
        .hasMessage("t:1:5: found a number of 1,201 characters, expected at most 1,200");
    assertThatThrownBy(() -> model("g (float x = {1" + longest + "}) => () {}"))
        .hasMessage("t:1:15: found a number of 1,201 characters, expected at most 1,200");
  }

  @Test
  void namesAreBounded() {
    String longest = "n".repeat(Limits.NAME);

    assertThatCode(() -> model(longest + "() => () {}")).doesNotThrowAnyException();
    assertThatThrownBy(() -> model(longest + "n () => () {}"))
        .hasMessage("t:1:1: found a name of 65,537 characters, expected at most 65,536");
  }

  @Test
  void stringsAreBounded() {
    String longest = '"' + "ß".repeat(Limits.STRING - 2) + '"';
    String tooLong = '"' + longest.substring(1, longest.length() - 1) + "ß\"";

    assertThatCode(() -> model("<a: " + longest + "> g (string x = {" + longest + "}) => () {}"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> model("<a: " + tooLong + "> g () => () {}"))
        .hasMessage("t:1:5: found a string of 16,777,217 characters, expected at most 16,777,216");
    assertThatThrownBy(() -> model("g (string x = {" + tooLong + "}) => () {}"))
        .hasMessage("t:1:16: found a string of 16,777,217 characters, expected at most 16,777,216");
  }

  @Test
  void wordsOfAModelAreBounded() {
    assertThatThrownBy(() -> model("g () => () { a = B(" + ",".repeat(2_000_000) + ") }"))
        .hasMessageEndingWith("found more than 1,500,000 words and signs, expected a shorter text");
  }

  @Test
  void wordsOfAFileOfRulesAreBounded() {
    assertThatThrownBy(() -> condition("a" + " or a".repeat(100_000)))
        .hasMessageEndingWith("found more than 200,000 words and signs, expected a shorter text");
  }
}
