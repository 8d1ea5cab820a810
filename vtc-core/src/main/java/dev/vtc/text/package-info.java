/**
 * Text to token ids and back: byte-level and SentencePiece-style byte-pair encoding over tables
 * that are used where they lie, special tokens, and detokenizing that never splits a character.
 */
@NullMarked
package dev.vtc.text;

import org.jspecify.annotations.NullMarked;
