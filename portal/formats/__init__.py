"""Date and number formats of the portal’s languages, where Django’s own are missing or not in use locally.

Sources: CLDR (decimal comma, no-break space, Monday first) and the style of the countries’ legal portals
(adilet.zan.kz for Kazakh, lex.uz for Uzbek, cbd.minjust.gov.kg for Kyrgyz).
"""
