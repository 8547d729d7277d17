/** The process. Main puts the packages below together and may use all of them. */
package io.duologger;
