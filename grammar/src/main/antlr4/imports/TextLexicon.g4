/*
 * The words that ONNX text and the rule language share. Numbers are not among them: in ONNX text a
 * minus belongs to its number, in the rule language it is an operator.
 */
lexer grammar TextLexicon;

/*
 * A whole list of literals as one token, made by LiteralTokenSource and never by this lexer:
 * millions of weights must not become millions of tokens and tree nodes.
 */
tokens {
  BRACED_LITERALS,
  BRACKETED_LITERALS
}

/* The element types of tensors; a name where a name is expected. */
PRIM_TYPE
  : 'bfloat16'
  | 'bool'
  | 'complex128'
  | 'complex64'
  | 'double'
  | 'float'
  | 'float16'
  | 'float4e2m1'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'float8e8m0'
  | 'int16'
  | 'int2'
  | 'int32'
  | 'int4'
  | 'int64'
  | 'int8'
  | 'string'
  | 'uint16'
  | 'uint2'
  | 'uint32'
  | 'uint4'
  | 'uint64'
  | 'uint8'
  ;

/* Not a number and infinity, in any case; a name where a name is expected. */
NON_FINITE
  : NON_FINITE_WORD
  ;

ID
  : [A-Za-z_] [A-Za-z0-9_]*
  ;

/* A backslash makes the next character literal, whatever it is; lines may break inside. */
QUOTED
  : '"' QUOTED_CHARACTER* '"'
  ;

/* Shorter than QUOTED wherever that matches, so it wins only when the closing quote is missing. */
UNTERMINATED
  : '"' QUOTED_CHARACTER* '\\'?
  ;

LPAREN
  : '('
  ;

RPAREN
  : ')'
  ;

LBRACKET
  : '['
  ;

RBRACKET
  : ']'
  ;

LBRACE
  : '{'
  ;

RBRACE
  : '}'
  ;

LESS
  : '<'
  ;

GREATER
  : '>'
  ;

COMMA
  : ','
  ;

COLON
  : ':'
  ;

DOT
  : '.'
  ;

EQUALS
  : '='
  ;

QUESTION
  : '?'
  ;

COMMENT
  : '#' ~[\n]* -> skip
  ;

WHITE_SPACE
  : [ \t\n\u000B\f\r]+ -> skip
  ;

/*
 * Whatever begins no word: the parser reports it where it stands, so that the lexer never fails.
 * TextStream shows all characters outside of ASCII as DEL; a run of them is one token, so that none
 * is cut in half.
 */
UNEXPECTED
  : '\u007F'+
  | .
  ;

fragment DIGITS
  : [0-9]+
  ;

fragment DECIMAL
  : DIGITS '.' [0-9]* EXPONENT?
  | DIGITS EXPONENT
  ;

fragment EXPONENT
  : [eE] [+-]? DIGITS
  ;

fragment NON_FINITE_WORD
  : [nN] [aA] [nN]
  | [iI] [nN] [fF] ([iI] [nN] [iI] [tT] [yY])?
  ;

fragment QUOTED_CHARACTER
  : ~["\\]
  | '\\' .
  ;
