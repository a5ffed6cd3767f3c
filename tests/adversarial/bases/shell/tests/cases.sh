expect "greets in English" "Hello, Ann!" ./greet.sh Ann
expect "greets in German" "Hallo, Ann!" ./greet.sh Ann de
expect "refuses an unknown language" "greet: unknown language xx" ./greet.sh Ann xx
